/** How a command ends when it cannot do its work: one sentence on stderr and exit code 2, a stack trace only on request. */
import { CommanderError } from 'commander';
import pc from 'picocolors';
import { Rejection } from '../modules/rejection';

export function fail(error: unknown, debug: boolean): void {
  // commander has printed its own message; help and version are not failures.
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  process.exitCode = 2;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Rejection) {
    for (const line of message.split('\n')) process.stderr.write(`${pc.red('error')} ${line}\n`);
  } else {
    process.stderr.write(
      `${pc.red('error')} ${message} (a defect of cimiento, not of your input; --debug shows where)\n`,
    );
  }
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}
