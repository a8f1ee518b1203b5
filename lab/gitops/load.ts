/** Load on the service while something happens to it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { address } from './cluster';

export interface Loaded {
  readonly requests: number;
  readonly failed: number;
  /** Failures by kind. */
  readonly kinds: Readonly<Record<string, number>>;
}

/** @returns what ends it and tells how it went */
export async function load(): Promise<() => Promise<Loaded>> {
  const child = spawn('python3', [join(__dirname, 'load.py'), await address(), '80'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
  const ended = new Promise((resolve) => child.on('close', resolve));
  return async () => {
    child.stdin.end();
    await ended;
    return JSON.parse(printed) as Loaded;
  };
}
