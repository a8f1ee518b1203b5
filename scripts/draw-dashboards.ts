/**
 * `npm run dashboards [-- FOLDER]`: every dashboard drawn from what a real Prometheus answers to its queries, as SVG and, by a real
 * browser (Debian's chromium), as PNG, to be looked at. FOLDER is out/dashboards unless given.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { dashboardPicture, type PicturePanel } from '../modules/report/dashboard-picture';
import { dashboards, RANGE, series, withDashboards, type DashboardPanel } from './monitoring/panels';
import { PROMETHEUS, PROMTOOL, whyNot } from './monitoring/promtool';
import type { Replay } from './monitoring/replay';

const BROWSER = '/usr/bin/chromium';

async function main(): Promise<void> {
  const folder = resolve(process.argv[2] ?? 'out/dashboards');
  const reason = whyNot(PROMTOOL, PROMETHEUS);
  if (reason !== undefined) throw new Error(reason);
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  await withDashboards(async (replay) => {
    const range = { from: replay.now - RANGE, to: replay.now };
    for (const { title, uid, panels } of dashboards()) {
      const drawn: PicturePanel[] = [];
      for (const panel of panels) drawn.push(await answered(replay, panel, range));
      const file = join(folder, `${uid}.svg`);
      writeFileSync(file, dashboardPicture(title, drawn, range));
      files.push(file);
    }
  });
  process.stdout.write(`${files.length} dashboards drawn in ${folder}\n`);
  if (!existsSync(BROWSER)) {
    process.stdout.write(`${BROWSER} is not there: no PNG (apt-get install chromium)\n`);
    return;
  }
  const browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    for (const file of files) {
      await page.goto(`file://${file}`);
      const height = Number(await page.evaluate('document.documentElement.getAttribute("height")'));
      await page.setViewportSize({ width: 1200, height });
      await page.screenshot({ path: file.replace(/svg$/, 'png') });
    }
  } finally {
    await browser.close();
  }
}

async function answered(
  replay: Replay,
  panel: DashboardPanel,
  range: { from: number; to: number },
): Promise<PicturePanel> {
  const isAsked = panel.datasource?.type !== 'loki';
  const answers = await Promise.all(
    (isAsked ? (panel.targets ?? []) : []).map((one) => series(replay, one.expr, range.from, range.to)),
  );
  const found = answers
    .flatMap((one) => (typeof one === 'string' ? [] : one))
    .map(({ labels, points }) => ({ name: Object.values(labels).join(' '), points }));
  const defaults = panel.fieldConfig?.defaults;
  return {
    kind: panel.type === 'row' ? 'row' : panel.type === 'stat' ? 'stat' : 'timeseries',
    title: panel.title,
    place: panel.gridPos,
    unit: defaults?.unit ?? 'short',
    series: isAsked ? found : undefined,
    steps: defaults?.thresholds?.steps ?? [],
    texts: Object.fromEntries(
      Object.entries(defaults?.mappings?.[0]?.options ?? {}).map(([value, { text }]) => [value, text]),
    ),
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
