/** Runs subcommands in this process, as they are typed, and gives back what they printed; the exit code is in process.exitCode. */
import { Command } from 'commander';

export async function cimiento(
  register: readonly ((program: Command) => void)[],
  args: readonly string[],
): Promise<{ stdout: string; stderr: string }> {
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    jest.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    });
  }
  const program = new Command('cimiento').exitOverride();
  for (const one of register) one(program);
  for (const command of program.commands) command.exitOverride();
  await program.parseAsync([...args], { from: 'user' });
  return printed;
}

/** For afterEach: nothing of one run is seen by the next. */
export function forget(): void {
  process.exitCode = undefined;
  jest.restoreAllMocks();
}
