// Makes the pictures of the README anew, from an app of the demo: node tools/pictures.mjs
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32 as crcOf } from 'node:zlib';
import { chromium } from 'playwright-core';
import { browserFlags, findBrowser } from './browser.mjs';
import { ensureScriptTagFiles } from './script-tag-files.mjs';
import { compile, compiledPath } from './tests/compile.mjs';

const size = { width: 720, height: 520 };
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The chunks of a PNG (PNG specification, 5.3). */
function chunksOf(png) {
  const chunks = [];
  for (let at = signature.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.push({
      type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + length),
    });
    at += length + 12;
  }
  return chunks;
}

function chunk(type, ...parts) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), ...parts]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(body.length - 4, 0);
  frame.writeUInt32BE(crcOf(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

const numbers = (...values) => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32BE(value, index * 4));
  return bytes;
};

/** One picture that moves, of several of one size (PNG specification, 11.3.6). */
function animate(frames) {
  const [first] = frames;
  const header = chunksOf(first.png).find(({ type }) => type === 'IHDR').data;
  let sequence = 0;
  const parts = frames.flatMap(({ png, ms }, index) => {
    const place = numbers(sequence++, size.width, size.height, 0, 0);
    const delay = Buffer.from([ms >> 8, ms & 255, 1000 >> 8, 1000 & 255, 0, 0]);
    const data = Buffer.concat(chunksOf(png).flatMap((one) => (one.type === 'IDAT' ? [one.data] : [])));
    const picture = index ? chunk('fdAT', numbers(sequence++), data) : chunk('IDAT', data);
    return [chunk('fcTL', place, delay), picture];
  });
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('acTL', numbers(frames.length, 0)),
    ...parts,
    chunk('IEND'),
  ]);
}

ensureScriptTagFiles();
await compile();
const load = (path) => import(pathToFileURL(compiledPath(path)).href);
const { startDemo } = await load('demo/demo.ts');
const { customerId } = await load('demo/marketplace/seed.ts');
const dataDirectory = mkdtempSync(join(tmpdir(), 'marketplace-session-pictures-'));
const demo = await startDemo({
  ports: { marketplace: 0, provider: 0, ownPage: 0 },
  dataDirectory,
  answersByItself: false,
});
const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserFlags });
const frames = [];
try {
  const sale = { applicationId: 'margin', userId: customerId, durationSeconds: 60 };
  const { launchUrl } = await demo.operator.sessions.create(sale);
  const page = await browser.newPage({ viewport: size, colorScheme: 'light', reducedMotion: 'reduce' });
  const take = async (ms) => frames.push({ png: await page.screenshot(), ms });
  const part = (name) => page.locator(`[part~="${name}"]`).filter({ visible: true });
  await page.goto(launchUrl);
  await part('extend-button').first().waitFor();
  for (let second = 0; second < 3; second++) {
    await take(1000);
    await page.waitForTimeout(1000);
  }
  await page.getByRole('alertdialog').or(page.getByRole('dialog')).waitFor({ timeout: 60_000 });
  await take(1800);
  await part('option').first().click();
  await take(1200);
  await part('confirm-button').click();
  await page.getByRole('alertdialog').or(page.getByRole('dialog')).waitFor({ state: 'hidden' });
  await take(1500);
  await page.waitForTimeout(1000);
  await take(1500);
} finally {
  await browser.close();
  await demo.close();
  rmSync(dataDirectory, { recursive: true, force: true });
}
mkdirSync('docs/pictures', { recursive: true });
writeFileSync('docs/pictures/session.png', frames[0].png);
writeFileSync('docs/pictures/session-moving.png', animate(frames));
