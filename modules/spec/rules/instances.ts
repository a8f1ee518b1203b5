/** Pinned instance types: sold in the region, never burstable (brief 2.11), of the size and architecture asked for. */
import type { Facts, InstanceService } from '../facts';
import type { InstanceRequirement } from '../platform';
import { show } from '../problems';
import type { Path, Problem } from '../problems';
import type { Rule } from './rule';

const PREFIX: Readonly<Record<InstanceService, string>> = { ec2: '', rds: 'db.', msk: 'kafka.' };

export const instances: Rule = ({ platform, facts }) => {
  const { region, kubernetes, kafka, postgres, mongodb, nodes } = platform;
  const pinned = (path: Path, service: InstanceService, requirement: InstanceRequirement) =>
    judge(facts, region, path, service, requirement);
  return [
    ...pinned(['kubernetes', 'nodes'], 'ec2', kubernetes.nodes),
    ...pinned(['kafka'], kafka.engine === 'msk' ? 'msk' : 'ec2', kafka),
    ...pinned(['postgres'], 'rds', postgres),
    ...pinned(['mongodb'], 'ec2', mongodb),
    ...nodes.flatMap((node, index) => pinned(['nodes', index], 'ec2', node)),
  ];
};

function judge(
  facts: Facts,
  region: string,
  of: Path,
  service: InstanceService,
  wanted: InstanceRequirement,
): Problem[] {
  const type = wanted.instance;
  if (type === undefined) return [];
  const path = [...of, 'instance'];
  const restsOn: Path[] = [['region'], ['kafka', 'engine'], ['profile'], [...of, 'minimum'], [...of, 'architecture']];
  const refuse = (problem: string, fix: string): Problem[] => [{ path, problem, fix, restsOn }];
  const remove = 'remove the line to have the cheapest that fits chosen';

  const verdict = facts.instance(service, type, region);
  switch (verdict.kind) {
    case 'burstable':
    case 'unfit':
      return refuse(`${type} is refused: ${verdict.why}`, remove);
    case 'not-offered': {
      const elsewhere = verdict.offeredIn.length === 0 ? '' : `; it is in ${verdict.offeredIn.join(', ')}`;
      return refuse(`${type} is not offered in ${region}${elsewhere}`, remove);
    }
    case 'unknown': {
      const meant = withOwnPrefix(facts, region, service, type) ?? verdict.nearest;
      const fix =
        meant === undefined ? `write it like ${PREFIX[service]}m7g.large, or ${remove}` : `did you mean ${meant}?`;
      return refuse(`${show(type)} is not a type of ${PRODUCT[service]} that the catalogue knows`, fix);
    }
    case 'offered': {
      const { vcpu, memoryGiB, architecture } = verdict;
      if (wanted.architecture !== undefined && wanted.architecture !== architecture) {
        return refuse(
          `${type} is ${architecture}, and architecture asks for ${wanted.architecture}`,
          'change one of the two',
        );
      }
      if (vcpu < wanted.vcpu || memoryGiB < wanted.memoryGiB) {
        const has = `${vcpu} vCPU and ${memoryGiB} GiB`;
        return refuse(
          `${type} has ${has}, less than the minimum of ${wanted.vcpu} vCPU and ${wanted.memoryGiB} GiB`,
          `pin a larger type, or ${remove}`,
        );
      }
      return [];
    }
  }
}

const PRODUCT: Readonly<Record<InstanceService, string>> = { ec2: 'EC2', rds: 'RDS', msk: 'MSK' };

/** `m7g.large` where RDS says `db.m7g.large`, and the other way round. */
function withOwnPrefix(facts: Facts, region: string, service: InstanceService, type: string): string | undefined {
  const own = PREFIX[service] + type.replace(/^(db|kafka|express)\./, '');
  return own !== type && facts.instance(service, own, region).kind === 'offered' ? own : undefined;
}
