/** Versions that are sold, and still within standard support on the day of the run. */
import type { Facts, VersionFact } from '../facts';
import { show } from '../problems';
import type { Path, Problem } from '../problems';
import type { Rule } from './rule';

export const versions: Rule = ({ platform: { kubernetes, kafka, postgres, mongodb }, facts }) => {
  const onMsk = kafka.engine === 'msk';
  const kafkaVersions = onMsk ? (facts.mskVersions ?? facts.kafkaVersions) : facts.kafkaVersions;
  return [
    ...sold(facts, ['kubernetes', 'version'], 'EKS', kubernetes.version, facts.kubernetesVersions),
    ...sold(facts, ['kafka', 'version'], onMsk ? 'MSK' : 'Apache Kafka', kafka.version, kafkaVersions).map(
      (problem) => ({
        ...problem,
        restsOn: [['kafka', 'engine'], ['profile']],
      }),
    ),
    ...sold(facts, ['postgres', 'version'], 'RDS for PostgreSQL', String(postgres.version), facts.postgresVersions),
    ...sold(facts, ['mongodb', 'version'], 'MongoDB', mongodb.version, facts.mongodbVersions),
  ];
};

function sold(facts: Facts, path: Path, product: string, version: string, known: readonly VersionFact[]): Problem[] {
  const supported = known.filter((one) => one.standardUntil >= facts.today).map((one) => one.version);
  const fact = known.find((one) => one.version === version);
  const choice = `choose from ${supported.join(', ')}`;
  if (fact === undefined) {
    // `17.4` or `8.0.29`: the patch is not ours to pin.
    const series = supported.find((one) => version.startsWith(`${one}.`));
    const fix = series === undefined ? choice : `did you mean ${series}? Patches follow by themselves`;
    return [{ path, problem: `${product} has no version ${show(version)}`, fix }];
  }
  if (supported.includes(version)) return [];
  const problem = `${product} ${version} left standard support on ${fact.standardUntil}`;
  return [{ path, problem, fix: supported.length === 0 ? 'the catalogue needs newer facts' : choice }];
}
