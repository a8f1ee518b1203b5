/** Reads platform.yaml and the address ledger beside it, and derives everything that a stack is made from. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import {
  formatLedger,
  LEDGER_FILE,
  parseLedger,
  planAddresses,
  reconcile,
  type Ledger,
  type Reconciliation,
} from '../modules/addressing';
import { choose, loadFacts } from '../modules/catalog';
import { Rejection, Rejections } from '../modules/rejection';
import { parsePlatform, placeIn } from '../modules/spec';
import type { Platform } from '../modules/spec/platform';
import type { PlatformInputs } from '../stacks/inputs';

export const PLATFORM_FILE = 'platform.yaml';

export interface LoadOptions {
  /** Path of platform.yaml; the one in the working directory unless given. */
  readonly platform?: string;
  /** Let allocated subnets move or go: they are destroyed and made anew at the next deploy. */
  readonly reallocate?: boolean;
}

export interface LoadedPlatform {
  /** As the user would type it. */
  readonly file: string;
  readonly inputs: PlatformInputs;
  readonly ledger: LoadedLedger;
}

export interface LoadedLedger {
  /** `addresses.lock.json` beside platform.yaml. */
  readonly file: string;
  /** Undefined when there is none yet. */
  readonly before: Ledger | undefined;
  readonly reconciliation: Reconciliation;
}

/** @throws Rejection for whatever is wrong with the file, the ledger, or the two together */
export function loadPlatform(options: LoadOptions = {}): LoadedPlatform {
  const file = options.platform ?? PLATFORM_FILE;
  const platform = readPlatform(file);
  const ledgerFile = join(dirname(file), LEDGER_FILE);
  const before = existsSync(ledgerFile) ? parseLedger(readInput(ledgerFile)) : undefined;
  const inputs = derive(platform, options.reallocate === true ? undefined : before);
  const reconciliation = reconcile(before, inputs.plan, { reallocate: options.reallocate });
  return { file, inputs, ledger: { file: ledgerFile, before, reconciliation } };
}

/** The file alone, for what needs no addresses. @throws Rejection for whatever is wrong with it */
export function readPlatform(file: string): Platform {
  const source = readInput(file);
  const platform = parsePlatform(source, { file, facts: loadFacts(today()) });
  lastRead = { file, source };
  return platform;
}

/** What the modules below say of platform.yaml is said of this. */
let lastRead: { readonly file: string; readonly source: string } | undefined;

/** `platform.yaml network.services.shape` or `platform.yaml nodes[0].minimum`, as modules say it that know no file. */
const IN_PLATFORM = /^platform\.yaml ([a-z][\w.[\]]*)$/i;

/** The same refusals, each with the line and the column of what it is about. */
export function placed(error: unknown): unknown {
  if (lastRead === undefined || !(error instanceof Rejection)) return error;
  const { file, source } = lastRead;
  const place = (one: Rejection): Rejection => {
    const path = IN_PLATFORM.exec(one.where)?.[1];
    return path === undefined ? one : new Rejection(placeIn(source, file, path), one.problem, one.fix);
  };
  if (!(error instanceof Rejections)) return place(error);
  const [first, ...others] = error.all;
  return new Rejections([place(first), ...others.map(place)]);
}

/**
 * The platform that goes with a folder of Terraform: of the file that is named, else of the one that is there. Undefined where there
 * is none: the folder may be anybody's.
 *
 * @throws Rejection for whatever is wrong with the file, and for one that is named and missing
 */
export const platformBeside = (file?: string): Platform | undefined =>
  file === undefined && !existsSync(PLATFORM_FILE) ? undefined : readPlatform(file ?? PLATFORM_FILE);

/** What a platform.yaml says that says nothing but a name. */
export const defaultPlatform = (): Platform =>
  parsePlatform('name: defaults', { file: 'the defaults', facts: loadFacts(today()) });

/** What follows from a platform: the choices, and the plan that honours what the ledger holds. Pure. */
export function derive(platform: Platform, ledger?: Ledger): PlatformInputs {
  const choices = choose(platform);
  const { kubernetes, services } = platform.network;
  const plan = planAddresses({ kubernetes, services, zoneIds: choices.zones.map((zone) => zone.id) }, ledger);
  return { platform, plan, choices };
}

/** Writes the ledger if the plan added to it. Returns whether it did. */
export function recordLedger({ file, before, reconciliation }: LoadedLedger): boolean {
  const text = formatLedger(reconciliation.ledger);
  if (before !== undefined && formatLedger(before) === text) return false;
  writeFileSync(file, text);
  return true;
}

/** The day against which support dates and waivers are judged, ISO. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** @throws Rejection when there is no such file, or it cannot be read */
export function readInput(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const shown = relative(process.cwd(), file) || file;
    if (code === 'ENOENT')
      throw new Rejection(shown, 'there is no such file', 'run this in the project, or name another');
    throw new Rejection(shown, `it cannot be read (${code})`, 'is it a readable file?');
  }
}
