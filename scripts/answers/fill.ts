/**
 * Figures in prose: a document is written by hand, and between `<!-- = name -->` and `<!-- / -->` stands what a generator says.
 * A name that nobody generates is an error, so no figure is ever typed.
 */
const FIGURE = /<!-- = ([\w-]+) -->[\s\S]*?<!-- \/ -->/g;

export function fill(document: string, figures: Readonly<Record<string, string>>, where: string): string {
  return document.replace(FIGURE, (_, name: string) => {
    const figure = figures[name];
    if (figure === undefined) throw new Error(`${where}: nobody generates the figure "${name}"`);
    const text = figure.includes('\n') ? `\n\n${figure}\n\n` : figure;
    return `<!-- = ${name} -->${text}<!-- / -->`;
  });
}

/** A table in Markdown; cells that are numbers are aligned to the right by their column's mark. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const numeric = heads.map(
    (_, at) => rows.length > 0 && rows.every((row) => /^[−+]?[\d.,]+( %)?$/.test(row[at] ?? '')),
  );
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(numeric.map((right) => (right ? '---:' : '---'))), ...rows.map(line)].join('\n');
}
