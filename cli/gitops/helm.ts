/** The helm program, which renders and installs what is Helm's; it speaks to the cluster by the same kubeconfig and context. */
import { spawn } from 'node:child_process';
import { Rejection } from '../../modules/rejection';

/** @returns what it printed. @throws Rejection with its own words when it is missing or fails */
export function helm(args: readonly string[], stdin = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('helm', args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let printed = '';
    let said = '';
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    child.on('error', () =>
      reject(new Rejection('helm', 'it is not installed', 'install helm 3 or 4 and put it on PATH (https://helm.sh)')),
    );
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    child.on('close', (code) => {
      if (code === 0) return resolve(printed);
      const words = said
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('WARNING'))
        .join(' ');
      reject(new Rejection(`helm ${args[0]}`, words === '' ? `it ended with ${code}` : words));
    });
  });
}
