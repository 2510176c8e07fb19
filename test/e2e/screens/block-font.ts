// A font of blocks: what a page looks like does not depend on the fonts of a machine (OpenType 1.9).

const unitsPerEm = 1000;
const advance = 520;
/** From the base line to the top of a block. */
const height = 640;

const u16 = (...values: number[]) =>
  Buffer.from(values.flatMap((value) => [(value >> 8) & 255, value & 255]));
const u32 = (...values: number[]) => Buffer.concat(values.map((value) => u16(value >>> 16, value)));

/** One contour, four points on the line, each with its deltas in two bytes. */
const box = Buffer.concat([
  u16(1, 0, 0, advance, height, 3, 0),
  Buffer.from([1, 1, 1, 1]),
  u16(0, advance, 0, -advance, 0, 0, height, 0),
]);

/** Many characters, one glyph (cmap format 13): spaces are empty, everything else is a block. */
function characters(): Buffer {
  const groups = [
    [0x20, 0x20, 1],
    [0x21, 0x9f, 2],
    [0xa0, 0xa0, 1],
    [0xa1, 0x10ffff, 2],
  ];
  const subtable = Buffer.concat([
    u16(13, 0),
    u32(16 + groups.length * 12, 0, groups.length, ...groups.flat()),
  ]);
  return Buffer.concat([u16(0, 1, 3, 10), u32(12), subtable]);
}

const name = Buffer.from('Blocks', 'utf16le').swap16();

const tables: Record<string, Buffer> = {
  'OS/2': Buffer.concat([
    u16(4, advance, 400, 5, 0, 650, 600, 0, 75, 650, 600, 0, 350, 50, 250, 0),
    Buffer.alloc(10),
    u32(0, 0, 0, 0),
    Buffer.from('NONE'),
    u16(0x40, 0x20, 0xffff, 800, -200, 90, 800, 200),
    u32(0, 0),
    u16(500, height, 0, 0x20, 1),
  ]),
  cmap: characters(),
  glyf: Buffer.concat([box, Buffer.alloc(box.length % 4), box, Buffer.alloc(box.length % 4)]),
  head: Buffer.concat([
    u16(1, 0, 1, 0),
    u32(0, 0x5f0f3cf5),
    u16(3, unitsPerEm),
    Buffer.alloc(16),
    u16(0, 0, advance, height, 0, 8, 2, 1, 0),
  ]),
  hhea: u16(1, 0, 800, -200, 90, advance, 0, 0, advance, 1, 0, 0, 0, 0, 0, 0, 0, 3),
  hmtx: u16(advance, 0, advance, 0, advance, 0),
  loca: u32(...[0, 1, 1, 2].map((count) => count * (box.length + (box.length % 4)))),
  maxp: u16(1, 0, 3, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
  name: Buffer.concat([
    u16(0, 4, 54),
    ...[1, 2, 4, 6].map((id) => u16(3, 1, 0x409, id, name.length, 0)),
    name,
  ]),
  post: Buffer.concat([u32(0x30000, 0), u16(-75, 50), u32(0, 0, 0, 0, 0)]),
};

/** The font as an address for `@font-face`. */
export function blockFont(): string {
  const entries = Object.entries(tables);
  const parts: Buffer[] = [];
  const directory: Buffer[] = [u32(0x10000), u16(entries.length, 128, 3, entries.length * 16 - 128)];
  let offset = 12 + entries.length * 16;
  for (const [tag, table] of entries) {
    const padded = Buffer.concat([table, Buffer.alloc((4 - (table.length % 4)) % 4)]);
    let checksum = 0;
    for (let at = 0; at < padded.length; at += 4) checksum = (checksum + padded.readUInt32BE(at)) >>> 0;
    directory.push(Buffer.from(tag), u32(checksum, offset, table.length));
    parts.push(padded);
    offset += padded.length;
  }
  return `data:font/ttf;base64,${Buffer.concat([...directory, ...parts]).toString('base64')}`;
}
