/** Synthesizes and prices alternatives beside the platform as it is. */
import type { Platform } from '../../spec/platform';
import { loadTerraform, resolveProject, type ResolvedProject } from '../terraform';
import { alternatives, type Alternative } from './alternatives';
import { estimate, type Estimate } from './estimate';
import type { UnpricedItem } from './line';
import { manifestCosts, type ManifestFile } from './manifests';

/** Platform → synthesized Terraform JSON, text by path. The CLI does it, in a folder of its own. */
export type Synthesize = (platform: Platform) => Promise<ReadonlyMap<string, string>>;

export interface Comparison {
  readonly id: string;
  readonly change: string;
  readonly tradeOff: string;
  readonly losesData: boolean;
  /** USD per month at the likely usage. */
  readonly monthly: number;
  /** USD per month: negative saves, against the platform as it is. */
  readonly delta: number;
  readonly unpriced: readonly UnpricedItem[];
}

/** Synthesizes a platform and reads the result. */
export async function resolved(platform: Platform, synthesize: Synthesize): Promise<ResolvedProject> {
  return resolveProject(loadTerraform(await synthesize(platform)));
}

/**
 * @param onEach told before each synthesis, for progress
 * @param manifests whose volumes are priced with every alternative alike
 */
export async function compare(
  base: Platform,
  synthesize: Synthesize,
  today: string,
  onEach: (alternative: Alternative) => void = () => undefined,
  manifests: readonly ManifestFile[] = [],
): Promise<{ base: Estimate; alternatives: Comparison[] }> {
  const priced = async (platform: Platform) =>
    estimate(await resolved(platform, synthesize), {
      usage: platform.usage,
      today,
      further: manifestCosts(manifests, platform.region),
    });
  const asItIs = await priced(base);
  const found: Comparison[] = [];
  for (const alternative of alternatives(base, today)) {
    onEach(alternative);
    const { monthly, unpriced } = await priced(alternative.platform);
    const { id, change, tradeOff, losesData } = alternative;
    const delta = Math.round((monthly.likely - asItIs.monthly.likely) * 100) / 100;
    found.push({ id, change, tradeOff, losesData, monthly: monthly.likely, delta, unpriced });
  }
  return { base: asItIs, alternatives: found.sort((a, b) => a.delta - b.delta || a.id.localeCompare(b.id)) };
}
