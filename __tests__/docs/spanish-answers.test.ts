/** The brief's answers are in Spanish: what generators put into them is too. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE, EXPORTERS, SIGNALS, type ExporterName } from '../../modules/monitoring';
import { spanishNumbers } from '../../scripts/answers/infrastructure-words';
import { COMPONENTS, spanishDuration, THRESHOLDS, TOOLS } from '../../scripts/answers/metrics-words';

const read = (path: string): string => readFileSync(join(__dirname, '../../docs/answers', path), 'utf8');

/** What a generator wrote, without code and the targets of links. */
const generated = (path: string): string[] =>
  [...read(path).matchAll(/<!-- = [\w-]+ -->(.*?)<!-- \/ -->/gs)]
    .flatMap(([, text]) => text!.split(/[\n|]/))
    .map((cell) => cell.replace(/`[^`]*`/g, '').replace(/\[[^\]]*\]\([^)]*\)/g, (link) => link.split('](')[0]!))
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '');

/** Words that no Spanish sentence has, and hardly an English one lacks. */
const ENGLISH =
  /\b(the|of|for|with|over|under|any|and|in|an|by|not|from|to|is|are|on|one|year|years|than|more|free|while|low|likely|high|itself|own|read)\b/i;

const PAGES = ['1-metrics.es.md', '2-infrastructure.es.md'];

test.each(PAGES)('%s: no generated cell is English', (path) => {
  expect(generated(path).length).toBeGreaterThan(100);
  expect(generated(path).filter((cell) => ENGLISH.test(cell))).toEqual([]);
});

test.each(PAGES)('%s: generated numbers have a decimal comma', (path) => {
  expect(
    generated(path).filter((cell) => /(^|[\s−+])\d+\.\d{1,2}(\s|$)|(^|\s)[1-9]\d{0,2},\d{3}(\.|\s|$)/.test(cell)),
  ).toEqual([]);
});

test('no text of the catalogue is in the Spanish page but those that are the same in both', () => {
  const page = read('1-metrics.es.md');
  const english = [
    ...SIGNALS.flatMap((one) => [one.signal, one.threshold, one.why]),
    ...(Object.keys(EXPORTERS) as ExporterName[])
      .filter((name) => TOOLS[name] !== EXPORTERS[name].title)
      .map((name) => EXPORTERS[name].title),
    ...CATALOGUE.filter(({ component, title }) => COMPONENTS[component] !== title).map(({ title }) => title),
  ].filter((text) => /[a-z]{2}/i.test(text));
  expect(english.length).toBeGreaterThan(200);
  expect(
    english.filter((text) => page.includes(`| ${text} |`) || page.includes(`| ${text};`) || page.includes(`[${text}]`)),
  ).toEqual([]);
});

test('every Spanish threshold is one of a page that wakes somebody', () => {
  const used = new Set(SIGNALS.filter((one) => one.severity === 'critical').map((one) => one.threshold));
  expect(Object.keys(THRESHOLDS).filter((english) => !used.has(english))).toEqual([]);
});

test.each([
  ['1,259.95', '1.259,95'],
  ['+12.5 %', '+12,5 %'],
  ['0.13965 vs 0.1728, read', '0,13965 vs 0,1728, read'],
  ['10.100.0.0/19', '10.100.0.0/19'],
  ['{2,2,3,3,3,3}', '{2,2,3,3,3,3}'],
  ['2026-10-01', '2026-10-01'],
])('%s is written %s', (english, spanish) => {
  expect(spanishNumbers(english)).toBe(spanish);
});

test('a duration is written as Spanish abbreviates it', () => {
  expect(['30s', '5m', '1h'].map(spanishDuration)).toEqual(['30 s', '5 min', '1 h']);
});
