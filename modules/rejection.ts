/**
 * Bad input, said in one sentence to the person who wrote it: where, what value, what to do.
 *
 * Every module that refuses something throws (or collects) a Rejection; the CLI prints `message` on stderr and exits 2.
 * It is the only error a user is meant to see: anything else is a defect of ours and shows its stack with `--debug`.
 */
export class Rejection extends Error {
  /**
   * @param where the place as a person finds it: `platform.yaml:7:11 network.kubernetes.cidr`, or a file's path
   * @param problem what is wrong, with the value: `10.100.0.5/19 has host bits set`
   * @param fix what most likely helps: `did you mean 10.100.0.0/19?`
   */
  constructor(
    readonly where: string,
    readonly problem: string,
    readonly fix?: string,
  ) {
    super(`${where}: ${problem}${fix === undefined ? '' : `; ${fix}`}`);
    this.name = 'Rejection';
  }
}

/** Several rejections found in one reading, reported together so that nobody mends a file one line at a time. */
export class Rejections extends Rejection {
  constructor(readonly all: readonly [Rejection, ...Rejection[]]) {
    super(all[0].where, all[0].problem, all[0].fix);
    this.message = all.map((one) => one.message).join('\n');
  }
}
