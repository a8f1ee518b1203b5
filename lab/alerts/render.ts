/**
 * What lab/alerts applies and expects, as JSON: `render.ts FACTOR`. Rules and routing are the files that Argo CD reads, so many
 * times as fast; what each alert is for comes from the catalogue.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { metricNames, SIGNALS } from '../../modules/monitoring';
import { fasterExpression, fasterRouting, fasterRules, seconds, type PrometheusRule } from './faster';

const FOLDER = join(__dirname, '../../gitops/monitoring');
const factor = Number(process.argv[2]);
if (!(factor >= 1)) throw new Error('usage: render.ts FACTOR, a number of at least 1');

const read = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');
const rules = readdirSync(FOLDER)
  .filter((file) => file.startsWith('rules-'))
  .map((file) => parse(read(file)) as PrometheusRule);

const alerts = Object.fromEntries(
  SIGNALS.map((signal) => [
    signal.alert,
    {
      severity: signal.severity,
      for: seconds(signal.for),
      // A share over a window rises as slowly as the window is long; a first increase and a maximum are there at the first sample.
      window: /\[/.test(signal.expr) && !/(increase|rate)\([^()]*\)\) > 0$|max_over_time/.test(signal.expr),
      expr: fasterExpression(signal.expr, factor),
      metrics: metricNames(signal.expr),
    },
  ]),
);
const committed = rules.flatMap(({ spec }) => spec.groups.flatMap((group) => group.rules.map((rule) => rule.alert)));
const missing = Object.keys(alerts).filter((name) => !committed.includes(name));
if (missing.length > 0) throw new Error(`not in gitops/monitoring: ${missing.join(', ')}; \`npm run generate\``);

process.stdout.write(
  `${JSON.stringify({
    alerts,
    rules: rules.map((object) => fasterRules(object, factor)),
    routing: fasterRouting(read('alertmanager.yaml'), factor),
  })}\n`,
);
