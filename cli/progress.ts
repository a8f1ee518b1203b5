/** Long work shows what it is at: a line on a terminal's stderr that is overwritten, and nothing in a pipe. */
export function progress(message: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${message}…`);
}

/** Takes the line away. */
export function progressDone(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}
