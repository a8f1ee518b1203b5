import type { Waiver } from '../spec/platform';
import type { Finding } from './finding';

/** Findings with their waivers on them. A waiver past its day counts no more, and says so in the finding's message. */
export function waive(findings: readonly Finding[], waivers: readonly Waiver[], today: string): Finding[] {
  return findings.map((finding) => {
    const mine = waivers.filter(
      ({ id, address }) => id === finding.id && (address === undefined || matches(address, finding.address)),
    );
    const valid = mine.find(({ until }) => until >= today);
    if (valid !== undefined) return { ...finding, waived: { reason: valid.reason, until: valid.until } };
    const [expired] = mine;
    return expired === undefined
      ? finding
      : { ...finding, message: `${finding.message} (its waiver ended on ${expired.until})` };
  });
}

/** Waivers that no finding needs: what they excused has been mended. */
export const idleWaivers = (findings: readonly Finding[], waivers: readonly Waiver[]): Waiver[] =>
  waivers.filter(
    ({ id, address }) =>
      !findings.some((one) => one.id === id && (address === undefined || matches(address, one.address))),
  );

/** `*` stands for anything; all else for itself. */
function matches(pattern: string, address: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(address);
}
