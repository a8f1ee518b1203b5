/** A table of the page: cells are text, or markup where a column says so. */
import { element as tag, text } from './svg';

export interface Column {
  readonly head: string;
  readonly right?: boolean;
  /** Its cells are markup already. */
  readonly markup?: boolean;
}

export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const attributes = (column: Column | undefined): Record<string, string> => (column?.right ? { class: 'right' } : {});
  const head = columns.map((column) => tag('th', attributes(column), [text(column.head)]));
  const body = rows.map((row) =>
    tag(
      'tr',
      {},
      row.map((cell, at) => tag('td', attributes(columns[at]), [columns[at]?.markup ? cell : text(cell)])),
    ),
  );
  return tag('div', { class: 'scroll' }, [
    tag('table', {}, [tag('thead', {}, [tag('tr', {}, head)]), tag('tbody', {}, body)]),
  ]);
}

/** `<details>`, closed until somebody asks. */
export const folded = (summary: string, content: string): string =>
  tag('details', {}, [tag('summary', {}, [text(summary)]), content]);
