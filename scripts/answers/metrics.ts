/** The figures and tables of docs/answers/1-metrics, from the monitoring catalogue and the recordings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE, EXPORTERS, liveness, metricNames, SIGNALS, type Signal } from '../../modules/monitoring';
import { seenBy } from '../monitoring/recordings';
import { fill, markdownTable } from './fill';
import { COMPONENTS, spanishDuration, spanishThreshold, TOOLS } from './metrics-words';

const ROOT = join(__dirname, '../..');

const HEADS = {
  es: {
    critical: ['alerta', 'métrica', 'umbral', 'herramienta'],
    count: ['componente', 'despiertan', 'tiques', 'información'],
  },
  en: { critical: ['alert', 'metric', 'threshold', 'tool'], count: ['component', 'pages', 'tickets', 'information'] },
};

type Language = keyof typeof HEADS;

function threshold({ threshold: at, for: lasting }: Signal, language: Language): string {
  const said = language === 'es' ? spanishThreshold(at) : at;
  if (lasting === '0m') return said;
  return language === 'es' ? `${said}; durante ${spanishDuration(lasting)}` : `${said}; for ${lasting}`;
}

export function metricsAnswer(language: Language): string {
  const path = language === 'es' ? 'docs/answers/1-metrics.es.md' : 'docs/answers/1-metrics.md';
  const severity = (name: string, of = SIGNALS): string => String(of.filter((one) => one.severity === name).length);
  const verdicts = SIGNALS.map((one) => liveness(one, seenBy(one)).liveness);
  const verdict = (name: string): string => String(verdicts.filter((one) => one === name).length);
  const pages = CATALOGUE.map(({ component, signals }) => [
    `critical-${component}`,
    markdownTable(
      HEADS[language].critical,
      signals
        .filter((one) => one.severity === 'critical')
        .map((one) => [
          `[${one.alert}](../runbooks/${component}.md#${one.alert.toLowerCase()})`,
          metricNames(one.expr)
            .map((name) => `\`${name}\``)
            .join(', '),
          threshold(one, language),
          language === 'es' ? TOOLS[one.exporter] : EXPORTERS[one.exporter].title,
        ]),
    ),
  ]);
  return fill(
    readFileSync(join(ROOT, path), 'utf8'),
    {
      ...Object.fromEntries(pages),
      signals: String(SIGNALS.length),
      critical: severity('critical'),
      warning: severity('warning'),
      info: severity('info'),
      live: verdict('live'),
      empty: verdict('empty-by-design'),
      counts: markdownTable(
        HEADS[language].count,
        CATALOGUE.map(({ component, title, signals }) => [
          `[${language === 'es' ? COMPONENTS[component] : title}](../runbooks/${component}.md)`,
          severity('critical', [...signals]),
          severity('warning', [...signals]),
          severity('info', [...signals]),
        ]),
      ),
    },
    path,
  );
}
