import { Rejection } from '../../rejection';

/**
 * Terraform's own language as Terraform JSON: the same blocks, each in a list.
 *
 * @throws Rejection with file and line for what is no HCL
 */
export async function readHcl(where: string, text: string): Promise<string> {
  // Imported late: the parser is WebAssembly and takes 0.3 s to start.
  const { parse } = await import('@cdktf/hcl2json');
  try {
    return JSON.stringify(await parse('main.tf', text));
  } catch (error) {
    const message = (error as Error).message;
    // Of what the parser says, the first: the rest mostly follows from it.
    const [, line = '1', words = message] = /main\.tf:(\d+),[\d,-]+: (.*?)(?: main\.tf:|\]?$)/m.exec(message) ?? [];
    throw new Rejection(
      `${where}:${line}`,
      `is no HCL: ${words.replace(/[.\s]+$/, '')}`,
      'mend it; terraform fmt shows more',
    );
  }
}
