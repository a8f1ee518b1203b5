/** How a command ends when it cannot do its work: one sentence on stderr and exit code 2, a stack trace only on request. */
import { relative } from 'node:path';
import { CommanderError } from 'commander';
import pc from 'picocolors';
import { Rejection } from '../modules/rejection';
import { placed } from './platform';

export function fail(error: unknown, debug: boolean): void {
  // commander has printed its own message; help and version are not failures.
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  process.exitCode = 2;
  error = placed(error);
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Rejection) {
    for (const line of message.split('\n')) process.stderr.write(`${pc.red('error')} ${line}\n`);
  } else if (isOfTheFileSystem(error)) {
    const at = error.path === undefined || error.path === '' ? 'a file' : relative('.', error.path) || '.';
    const why = REASONS[error.code] ?? error.code;
    process.stderr.write(`${pc.red('error')} ${at}: ${why}; name another place, or make this one writable\n`);
  } else {
    process.stderr.write(
      `${pc.red('error')} ${message} (a defect of cimiento, not of your input; --debug shows where)\n`,
    );
  }
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}

/** What the machine says no to is no defect of ours. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it may not be written or read (EACCES)',
  EISDIR: 'it is a folder (EISDIR)',
  ENOENT: 'it cannot be made or found (ENOENT)',
  ENOSPC: 'no space is left (ENOSPC)',
  ENOTDIR: 'it is not a folder (ENOTDIR)',
  EROFS: 'it is on a read-only file system (EROFS)',
};

interface FileSystemError extends Error {
  readonly code: string;
  readonly path?: string;
}

function isOfTheFileSystem(error: unknown): error is FileSystemError {
  const { code, syscall } = Object(error) as Partial<NodeJS.ErrnoException>;
  return code !== undefined && code in REASONS && syscall !== undefined;
}
