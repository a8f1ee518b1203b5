/** Colours, as functions, so that reports stay pure: the CLI passes real ones on a terminal and plain ones in a pipe. */
export type Colour = (text: string) => string;

export interface Paint {
  readonly bold: Colour;
  readonly dim: Colour;
  readonly red: Colour;
  readonly green: Colour;
  readonly yellow: Colour;
  readonly cyan: Colour;
}

const same: Colour = (text) => text;

/** No colours: pipes, files, NO_COLOR. */
export const PLAIN: Paint = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };
