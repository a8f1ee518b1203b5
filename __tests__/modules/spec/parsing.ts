/** What the tests of spec share: parsing with the real catalogue on a fixed day, and what was refused. */
import { loadFacts } from '../../../modules/catalog';
import { Rejections } from '../../../modules/rejection';
import { parsePlatform, type Platform } from '../../../modules/spec';

export const TODAY = '2026-11-24';
const facts = loadFacts(TODAY);

export function parse(source: string, file = 'platform.yaml'): Platform {
  return parsePlatform(source, { file, facts });
}

/** The messages, one a problem; empty when the file is taken. Anything but a rejection is a defect, and thrown on. */
export function refused(source: string, file = 'platform.yaml'): string[] {
  try {
    parse(source, file);
    return [];
  } catch (error) {
    if (error instanceof Rejections) return error.all.map((one) => one.message);
    throw error;
  }
}
