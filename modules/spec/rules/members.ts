/** How many: quorums are odd, MSK wants a multiple of its zones, and each cluster has a node in every zone (brief 2.8). */
import type { Path, Problem } from '../problems';
import type { Rule } from './rule';

/** MongoDB allows seven voting members (manual, replica set limits); KRaft is run with as few voters. */
const MOST_VOTERS = 7;
/** Brokers of a KRaft cluster on MSK (MSK developer guide, quota). */
const MOST_BROKERS = 60;
const ZONES = ['network', 'zones'];

export const members: Rule = ({ platform: { network, kubernetes, kafka, mongodb } }) => {
  const { zones } = network;
  return [
    ...workers(kubernetes.nodes.count, zones),
    ...(kafka.engine === 'msk'
      ? brokers(kafka.nodes, zones)
      : voters(['kafka', 'nodes'], kafka.nodes, 'a KRaft quorum')),
    ...voters(['mongodb', 'nodes'], mongodb.nodes, 'a replica set'),
  ];
};

function workers(count: number, zones: number): Problem[] {
  if (count >= zones) return [];
  const problem = `${count} ${count === 1 ? 'node leaves' : 'nodes leave'} one of the ${zones} zones empty`;
  return [{ path: ['kubernetes', 'nodes', 'count'], problem, fix: `at least ${zones}`, restsOn: [ZONES] }];
}

/** MSK, CreateCluster: the number of broker nodes is a multiple of the number of zones. */
function brokers(count: number, zones: number): Problem[] {
  const restsOn = [ZONES, ['kafka', 'engine'], ['profile']];
  const path = ['kafka', 'nodes'];
  if (count > MOST_BROKERS) {
    const fix = `at most ${MOST_BROKERS - (MOST_BROKERS % zones)}`;
    return [{ path, problem: `${count} brokers are more than MSK runs in one cluster`, fix, restsOn }];
  }
  if (count >= 3 && count % zones === 0) return [];
  const below = Math.max(Math.floor(count / zones), 1) * zones;
  const problem = `${count} brokers are not a multiple of the ${zones} zones, as MSK wants`;
  const fix = count < zones ? `did you mean ${below}?` : `did you mean ${below} or ${below + zones}?`;
  return [{ path, problem, fix, restsOn }];
}

function voters(path: Path, count: number, quorum: string): Problem[] {
  const restsOn = [['kafka', 'engine'], ['profile']];
  if (count < 3) return [{ path, problem: `${quorum} of ${count} cannot lose a member`, fix: 'at least 3', restsOn }];
  if (count > MOST_VOTERS)
    return [{ path, problem: `${quorum} of ${count} is too large`, fix: `at most ${MOST_VOTERS}`, restsOn }];
  if (count % 2 === 0) {
    const problem = `${quorum} of ${count} survives the loss of no more members than one of ${count - 1}`;
    const fix = count + 1 > MOST_VOTERS ? `did you mean ${count - 1}?` : `did you mean ${count - 1} or ${count + 1}?`;
    return [{ path, problem, fix, restsOn }];
  }
  return [];
}
