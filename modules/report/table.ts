/** One table printer for every command: plain text, columns as wide as their widest cell, two spaces between. */
import { stripVTControlCharacters } from 'node:util';

export interface Column {
  readonly head: string;
  /** Undefined: right when every cell is a number, else left. */
  readonly align?: 'left' | 'right';
}

/** A number is written with its thousands grouped and aligned to the right; undefined is an empty cell. */
export type Cell = string | number | undefined;

/**
 * Cells may carry colours: their escape sequences count for nothing in the widths.
 *
 * @returns lines without trailing spaces, the last without a newline
 */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
  const texts = [columns.map(({ head }) => head), ...rows.map((row) => columns.map((_, at) => textOf(row[at])))];
  const widths = columns.map((_, at) => texts.reduce((widest, row) => Math.max(widest, widthOf(row[at]!)), 0));
  const right = columns.map(({ align }, at) =>
    align === undefined ? rows.length > 0 && rows.every((row) => typeof row[at] === 'number') : align === 'right',
  );
  const pad = (text: string, at: number) => {
    const space = ' '.repeat(widths[at]! - widthOf(text));
    return right[at] ? space + text : text + space;
  };
  return texts.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

function textOf(cell: Cell): string {
  return typeof cell === 'number' ? cell.toLocaleString('en-US') : (cell ?? '');
}

function widthOf(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}
