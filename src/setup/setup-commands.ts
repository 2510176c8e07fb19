import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Marketplace } from '../sdk/index.js';
import { secretKeyPattern } from '../inspection/harmless.js';
import { doctorCommand } from './doctor-command.js';
import { initCommand, type InitCommand } from './init-command.js';
import { linesOf } from './print-report.js';
import { askAt, takeUsual } from './questions.js';
import { rehearseCommand } from './rehearse-command.js';
import type { Setting, Surroundings } from '../inspection/scene.js';
import { readSettings, type Settings } from './settings-file.js';

export type SetupCommandName = 'doctor' | 'init' | 'rehearse';

/** As they stand in the command line. */
export interface SetupFlags {
  'page-url'?: string | undefined;
  url?: string | undefined;
  'application-id'?: string | undefined;
  'framed-by'?: string | undefined;
  framework?: string | undefined;
  'provider-id'?: string | undefined;
  name?: string | undefined;
  'tokens-per-minute'?: string | undefined;
  'data-dir': string;
  'within-seconds': string;
  'new-key': boolean;
  yes: boolean;
  json: boolean;
}

/** Where the commands run. */
export interface Place {
  folder: string;
  version: string;
  /** The files of the script tag. */
  scriptFolder: string;
  environment: NodeJS.ProcessEnv;
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
}

const surroundings: Surroundings = {
  fetch,
  now: Date.now,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** @returns the code to exit with: 1 where something blocks. @throws {TypeError} where a flag is wrong */
export async function setupCommand(
  command: SetupCommandName,
  flags: SetupFlags,
  place: Place,
  print: (line: string) => void,
): Promise<number> {
  for (const [name, value] of Object.entries(flags))
    if (typeof value === 'string' && secretKeyPattern.test(value))
      throw new TypeError(`--${name} holds a secret key: have it replaced, for shells keep what they run`);
  if (command === 'init') return init(flags, place, print);
  const settings = await readSettings(place.folder, place.environment);
  const setting = settingOf(flags, settings, place.version);
  if (command === 'doctor') {
    const isReady = await doctorCommand({ ...setting, json: flags.json }, surroundings, print);
    return isReady ? 0 : 1;
  }
  return rehearse(setting, flags, print);
}

function settingOf(flags: SetupFlags, settings: Settings, version: string): Setting {
  const pageUrl = readAddress('--page-url', flags['page-url'] ?? settings.pageUrl);
  if (!pageUrl) throw new TypeError('--page-url must be the address of the page that customers arrive at');
  return {
    pageUrl,
    apiEndpoint: readAddress('--url', flags.url ?? (settings.apiUrl && `${settings.apiUrl}/api/v1`)),
    framedBy: readAddress('--framed-by', flags['framed-by']),
    applicationId: flags['application-id'] ?? settings.applicationId,
    secretKey: settings.secretKey,
    version,
  };
}

async function init(flags: SetupFlags, place: Place, print: (line: string) => void): Promise<number> {
  const isTerminal = place.input.isTTY && place.output.isTTY;
  if (!flags.yes && !isTerminal)
    throw new TypeError('There is no terminal to ask at: say the rest by flags, and add --yes.');
  const { 'data-dir': dataDirectory, 'new-key': newKey, yes, json, ...given } = flags;
  const { folder, scriptFolder, environment } = place;
  const operatorKey =
    environment.MARKETPLACE_OPERATOR_KEY ||
    (await readFile(join(folder, dataDirectory, 'operator.key'), 'utf8').then(
      (text) => text.trim(),
      () => undefined,
    ));
  const command: InitCommand = { folder, given, operatorKey, newKey, scriptFolder, environment };
  const report = await initCommand(command, yes ? takeUsual : askAt(place.input, place.output));
  if (json) print(JSON.stringify(report, null, 2));
  else for (const line of linesOf(report)) print(line);
  return 0;
}

async function rehearse(setting: Setting, flags: SetupFlags, print: (line: string) => void): Promise<number> {
  const { applicationId, apiEndpoint, secretKey } = setting;
  if (!secretKey || !applicationId || !apiEndpoint)
    throw new TypeError(
      'A rehearsal needs MARKETPLACE_SECRET_KEY, --url and --application-id; init writes them into .env.',
    );
  if (!secretKey.startsWith('sk_test_'))
    throw new TypeError(
      'A rehearsal is made with a secret key of tests (sk_test_): a live one spends what is real.',
    );
  if (!/^[1-9]\d{0,3}$/.test(flags['within-seconds']))
    throw new TypeError('--within-seconds must be 1 to 9999');
  const withinMs = Number(flags['within-seconds']) * 1000;
  const marketplace = new Marketplace({ secretKey, apiUrl: apiEndpoint.href });
  const command = { ...setting, marketplace, applicationId, withinMs, json: flags.json };
  return (await rehearseCommand(command, surroundings, print)) ? 0 : 1;
}

function readAddress(name: string, text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new TypeError(`${name} must be an address with http or https`);
  return new URL(text);
}
