/**
 * A real Prometheus that believes it has watched the platform for eight hours: the replayed week's Wednesday until noon, backfilled
 * as blocks so that noon is now, with the generated rules loaded and evaluated. Beside it, days before and marked by a label `case`,
 * the series under which each alert fires.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CATALOGUE, expand, quietWeek, seriesName, SIGNALS, type Signal, type Trace } from '../../modules/monitoring';
import { freePort, until, withDaemon, withFolder } from './daemon';
import { PROMETHEUS, PROMTOOL } from './promtool';
import { recordingOf } from './recordings';

const MINUTE = 60;
const BLOCK = 2 * 60 * MINUTE;
/** Wednesday's noon in the replayed week, in minutes. */
const NOON = (2 * 24 + 12) * 60;
/** Enough for the longest window that a panel looks back, and the three hours that it shows. */
const BEFORE = 10 * 60;

export interface Replay {
  readonly url: string;
  /** Seconds since 1970: noon. */
  readonly now: number;
  /** Seconds since 1970 of a case's minute 0. */
  readonly cases: number;
}

/** @param queries what is asked beside what the rules ask */
export function withReplay<T>(
  rules: ReadonlyMap<string, string>,
  queries: readonly string[],
  use: (replay: Replay) => Promise<T>,
): Promise<T> {
  return withFolder(async (folder) => {
    const now = Math.floor(Date.now() / 1000 / MINUTE) * MINUTE;
    const cases = Math.floor((now - 4 * 86_400) / BLOCK) * BLOCK;
    const data = join(folder, 'data');
    mkdirSync(data);
    await backfill(folder, data, [...weekFiles(now, queries), casesFile(cases)]);

    const names = [...rules].map(([name, content]) => {
      const { spec } = parse(content) as { spec: unknown };
      writeFileSync(join(folder, name), JSON.stringify(spec));
      return name;
    });
    const config = join(folder, 'prometheus.yml');
    writeFileSync(config, JSON.stringify({ global: { evaluation_interval: '5s' }, rule_files: names }));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const args = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=30d',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ];
    return withDaemon(PROMETHEUS, args, `${url}/-/ready`, async () => {
      // Groups begin at a time of their own within the first interval.
      await until(() => evaluated(url), 120_000, 'every rule group evaluated once');
      return use({ url, now, cases });
    });
  });
}

async function evaluated(url: string): Promise<boolean> {
  const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as {
    data: { groups: { lastEvaluation: string }[] };
  };
  return data.groups.length > 0 && data.groups.every((one) => !one.lastEvaluation.startsWith('0001'));
}

/** A file a block: promtool reads its whole input once for each block that it makes. */
function weekFiles(now: number, queries: readonly string[]): string[] {
  const span = { from: NOON - BEFORE, to: NOON + 1, began: now - BEFORE * MINUTE };
  const traces = CATALOGUE.flatMap(({ component }) => quietWeek(component, recordingOf, span, undefined, queries));
  const files = new Map<number, string[]>();
  for (const { metric, labels, values } of unique(traces)) {
    const series = seriesName(metric, labels);
    values.forEach((value, index) => {
      if (value === undefined) return;
      const time = now + (index - BEFORE) * MINUTE;
      const block = Math.floor(time / BLOCK);
      const lines = files.get(block) ?? [];
      lines.push(`${series} ${value} ${time}`);
      files.set(block, lines);
    });
  }
  return [...files.values()].map((lines) => `${lines.join('\n')}\n# EOF\n`);
}

/** Components share metrics (a rule of one looks at another's); a series is written once. */
const unique = (traces: readonly Trace[]): Iterable<Trace> =>
  new Map(traces.map((one) => [seriesName(one.metric, one.labels), one])).values();

function casesFile(start: number): string {
  const lines = SIGNALS.flatMap(({ alert, fires }: Signal) =>
    fires[0]!.series.flatMap(([selector, values]) => {
      const brace = selector.indexOf('{');
      const name = brace < 0 ? selector : selector.slice(0, brace);
      const labels = brace < 0 ? '' : `${selector.slice(brace + 1, -1)},`;
      return expand(values).flatMap((value, minute) =>
        value === undefined ? [] : [`${name}{${labels}case="${alert}"} ${value} ${start + minute * MINUTE}`],
      );
    }),
  );
  return `${lines.join('\n')}\n# EOF\n`;
}

async function backfill(folder: string, data: string, files: readonly string[]): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < files.length) {
      const index = next++;
      const file = join(folder, `${index}.om`);
      writeFileSync(file, files[index]!);
      const out = join(folder, `blocks-${index}`);
      await ran(PROMTOOL, ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, out]);
      await ran('sh', ['-c', 'mv "$1"/* "$2"', 'sh', out, data]);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

function ran(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`${args.slice(0, 3).join(' ')} ended with ${code}: ${words.slice(0, 1000)}`)),
    );
  });
}
