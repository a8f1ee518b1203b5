import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaArtifacts, mongodbArtifacts, nodeExporter } from '../../../modules/aws/data-artifacts';
import { DEFAULT_INPUTS } from '../../fixtures/platform';

const { kafka, mongodb } = DEFAULT_INPUTS.platform;

describe('pinned downloads', () => {
  it.each(['arm64', 'x86_64'] as const)('have whole checksums, by https, on %s', (architecture) => {
    const { kafka: tarball, jmxExporter } = kafkaArtifacts(kafka.version);
    const { exporter, keyFingerprint, keyUrl, repository } = mongodbArtifacts(mongodb.version, architecture);
    for (const { checksum } of [tarball, jmxExporter]) expect(checksum).toMatch(/^[0-9a-f]{128}$/);
    for (const { checksum } of [exporter, nodeExporter(architecture)]) expect(checksum).toMatch(/^[0-9a-f]{64}$/);
    expect(keyFingerprint).toMatch(/^[0-9A-F]{40}$/);
    for (const url of [tarball.url, jmxExporter.url, exporter.url, keyUrl, repository]) expect(url).toMatch(/^https:/);
  });

  it('are of the architecture', () => {
    expect(nodeExporter('arm64').url).toContain('linux-arm64');
    expect(nodeExporter('x86_64').checksum).not.toBe(nodeExporter('arm64').checksum);
    expect(mongodbArtifacts('8.0', 'x86_64').repository).toContain('x86_64');
  });

  it('take the newest patch of the version in platform.yaml', () =>
    expect(kafkaArtifacts('4.1').version).toBe('4.1.2'));

  it('are what the lab runs: lab/kafka takes the same release from its jars', () => {
    const pom = readFileSync(join(__dirname, '../../../lab/kafka/pom.xml'), 'utf8');
    expect(/<kafka.version>(.*)<\/kafka.version>/.exec(pom)![1]).toBe(kafkaArtifacts(kafka.version).version);
  });
});
