/** Prices of everything that is not an EC2 instance, by the catalogue's item names: `natGateway.hour`, `ebs.gp3.gbMonth` … */
import { EC2_PROVENANCE, ec2Price } from './ec2';
import services from './data/services.json';
import { NoPrice, type Price } from './sources';

interface RawSource {
  what: string;
  where: string;
  asOf: string;
  confidence: string;
}
interface RawItem {
  unit: string;
  regions: Record<string, { usd: number | Record<string, number>; src: string; note?: string } | null>;
  note?: string;
}

const ITEMS = services.items as unknown as Record<string, RawItem>;
const RAW_SOURCES = services.meta.sources as unknown as Record<string, RawSource>;

export const HOURS_PER_MONTH = services.meta.hoursPerMonth;
export const CURRENCY = services.meta.currency;

/** What each short source name stands for: the document, where it was found, when it was read. */
export const SOURCES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(RAW_SOURCES).map(([id, source]) => [id, `${source.what}; ${source.where} (${source.asOf})`]),
  ),
  ...Object.fromEntries(Object.entries(EC2_PROVENANCE).map(([code, text]) => [`EC2-${code}`, text])),
};

/** Regions whose bill of a whole platform the catalogue can price; elsewhere some service has no figure. */
export const PRICED_REGIONS: readonly string[] = ['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1'];

const CACHE = new Map<string, Price>();

/**
 * The price of an item in a region. Items are the keys of data/services.json; one that is priced by kind has the kind
 * appended (`msk.serverless.clusterHour`). `ec2.<type>` answers from the EC2 table.
 *
 * @throws NoPrice when the item, the region or the pair is unknown
 */
export function price(item: string, region: string): Price {
  const key = `${region} ${item}`;
  const known = CACHE.get(key);
  if (known !== undefined) return known;
  const found = item.startsWith('ec2.') ? ec2Price(item.slice('ec2.'.length), region) : servicePrice(item, region);
  CACHE.set(key, found);
  return found;
}

function servicePrice(item: string, region: string): Price {
  const { raw, kind } = locate(item);
  if (raw === undefined) throw new NoPrice(item, region, 'the item is not in the catalogue');
  const entry = raw.regions[region];
  if (entry === undefined || entry === null) {
    const where = Object.keys(raw.regions).filter((name) => raw.regions[name] !== null);
    throw new NoPrice(
      item,
      region,
      where.length === 0 ? 'nobody has read it' : `it is known in ${where.join(', ')} only`,
    );
  }
  const usd = typeof entry.usd === 'number' ? entry.usd : kind === undefined ? undefined : entry.usd[kind];
  if (usd === undefined) throw new NoPrice(item, region, `it is priced by kind: ${Object.keys(entry.usd).join(', ')}`);
  const source = RAW_SOURCES[entry.src];
  if (source === undefined) throw new NoPrice(item, region, `its source "${entry.src}" is not described`);
  return {
    item,
    region,
    usd,
    unit: raw.unit,
    source: entry.src,
    asOf: source.asOf,
    confidence: source.confidence === 'estimate' ? 'estimate' : 'published',
    note: entry.note ?? raw.note,
  };
}

function locate(item: string): { raw?: RawItem; kind?: string } {
  const whole = ITEMS[item];
  if (whole !== undefined) return { raw: whole };
  const dot = item.lastIndexOf('.');
  const raw = ITEMS[item.slice(0, dot)];
  const byKind = raw !== undefined && Object.values(raw.regions).some((entry) => typeof entry?.usd === 'object');
  return byKind ? { raw, kind: item.slice(dot + 1) } : {};
}
