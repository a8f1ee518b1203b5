/** Where in a file something stands that was found wrong after it was read: `platform.yaml:7:11 network.services.shape`. */
import { readDocument } from './document';
import { printPath } from './problems';

/**
 * @param source the text of a file that was read without a problem
 * @param path as it is printed: `nodes[0].minimum`
 */
export function placeIn(source: string, file: string, path: string): string {
  const steps = Array.from(path.matchAll(/[\w-]+/g), ([step]) => (/^\d+$/.test(step) ? Number(step) : step));
  const { line, column } = readDocument(source, file).positionOf({ path: steps, problem: '' });
  return `${file}:${line}:${column} ${printPath(steps)}`;
}
