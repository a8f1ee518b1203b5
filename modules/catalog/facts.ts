/** The catalogue's answer to what `spec` asks of the world. */
import { closest, distance } from 'fastest-levenshtein';
import type { Facts, InstanceService, InstanceVerdict } from '../spec/facts';
import { whyBurstable } from './burst';
import { instanceType, instanceTypes, regionsOffering } from './ec2';
import { classNames, classType, regionsSelling } from './managed';
import { REGIONS } from './regions';
import { EKS_VERSIONS, KAFKA_VERSIONS, MONGODB_VERSIONS, MSK_VERSIONS, POSTGRES_VERSIONS } from './versions';

/** A name further off than this many edits is not what the user meant. */
const MEANT_WITHIN = 3;

/** @param today ISO date against which support dates are judged: the CLI passes the clock's, tests a fixed one */
export function loadFacts(today: string): Facts {
  return {
    today,
    regions: REGIONS,
    kubernetesVersions: EKS_VERSIONS,
    postgresVersions: POSTGRES_VERSIONS,
    mongodbVersions: MONGODB_VERSIONS,
    kafkaVersions: KAFKA_VERSIONS,
    mskVersions: MSK_VERSIONS,
    instance: verdict,
  };
}

/** RDS and MSK classes count as offered only where their price is known: nothing is planned that cannot be priced. */
function verdict(service: InstanceService, type: string, region: string): InstanceVerdict {
  const why = whyBurstable(type);
  if (why !== undefined) return { kind: 'burstable', why };
  const known = service === 'ec2' ? instanceType(type) : classType(service, type);
  if (known === undefined) return { kind: 'unknown', nearest: nearest(service, type) };
  // MSK developer guide, Express brokers: storage is their own, and a broker's disk cannot be given.
  if (type.startsWith('express.'))
    return { kind: 'unfit', why: 'an Express broker takes no disk of a size that is asked for' };
  const offeredIn = service === 'ec2' ? regionsOffering(type) : regionsSelling(service, type);
  if (!offeredIn.includes(region)) return { kind: 'not-offered', offeredIn };
  return { kind: 'offered', vcpu: known.vcpu, memoryGiB: known.memoryGiB, architecture: known.architecture };
}

function nearest(service: InstanceService, type: string): string | undefined {
  const names = service === 'ec2' ? Array.from(instanceTypes(), (one) => one.type) : classNames(service);
  const name = closest(type.toLowerCase(), names);
  return distance(type.toLowerCase(), name) <= MEANT_WITHIN ? name : undefined;
}
