/** The words of the generated tables of docs/answers/2-infrastructure, in both languages. */
export type Language = 'en' | 'es';

type Words = Readonly<Record<Language, string>>;

const WORDS = {
  segment: { en: 'segment', es: 'segmento' },
  subnet: { en: 'subnet', es: 'subred' },
  block: { en: 'block', es: 'bloque' },
  tier: { en: 'tier', es: 'tipo' },
  public: { en: 'public', es: 'pública' },
  private: { en: 'private', es: 'privada' },
  zone: { en: 'zone', es: 'zona' },
  size: { en: 'addresses', es: 'direcciones' },
  usable: { en: 'usable (AWS keeps 5)', es: 'utilizables (AWS reserva 5)' },
  shape: { en: 'shape (extra bits)', es: 'forma (bits extra)' },
  verdict: { en: 'verdict', es: 'veredicto' },
  chosen: { en: '**chosen**', es: '**elegida**' },
  possible: { en: 'possible, less even', es: 'posible, menos uniforme' },
  part: { en: 'part', es: 'componente' },
  count: { en: 'count', es: 'cantidad' },
  type: { en: 'type', es: 'tipo' },
  hourly: { en: 'USD an hour', es: 'USD por hora' },
  monthly: { en: 'USD a month', es: 'USD al mes' },
  over: { en: 'over the cheapest', es: 'sobre la más barata' },
  generation: { en: 'generation', es: 'generación' },
  architecture: { en: 'architecture', es: 'arquitectura' },
  purpose: { en: 'for', es: 'destino' },
  share: { en: 'share', es: 'parte' },
  total: { en: '**total**', es: '**total**' },
  assumption: { en: 'assumed', es: 'supuesto' },
  low: { en: 'low', es: 'bajo' },
  likely: { en: 'likely', es: 'probable' },
  high: { en: 'high', es: 'alto' },
  quantity: { en: 'a month', es: 'al mes' },
  instead: { en: 'instead', es: 'en su lugar' },
  difference: { en: 'USD a month', es: 'USD al mes' },
  commitment: { en: 'commitment (not taken off)', es: 'compromiso (no descontado)' },
  saves: { en: 'saves a month', es: 'ahorra al mes' },
  source: { en: 'rate read from', es: 'tasa leída de' },
} satisfies Record<string, Words>;

export const word = (key: keyof typeof WORDS, language: Language): string => WORDS[key][language];

/** Purposes, alternatives and commitments in Spanish; English is the program's own. A missing one is an error, not an English cell. */
const SPANISH: Readonly<Record<string, string>> = {
  Kubernetes: 'Kubernetes',
  Kafka: 'Kafka',
  PostgreSQL: 'PostgreSQL',
  MongoDB: 'MongoDB',
  'Service nodes': 'Nodos de servicios',
  Network: 'Red',
  'Load balancing': 'Balanceo',
  Traffic: 'Tráfico',
  Security: 'Seguridad',
  Observability: 'Observabilidad',
  Storage: 'Almacenamiento',
  Other: 'Otros',
  'single-az': 'PostgreSQL en una sola zona (**puede perder datos**)',
  'service-medium': 'nodos de servicios m6g.medium (la mitad de CPU y memoria)',
  'small-roots': 'volúmenes raíz de 20 GiB',
  gp2: 'volúmenes gp2 (IOPS ligadas al tamaño, a crédito)',
  'mongodb-memory': 'MongoDB con el doble de memoria',
  'nat-per-zone': 'un NAT gateway por zona (la salida sobrevive a una zona)',
  'worker-xlarge': 'nodos de Kubernetes el doble de grandes',
  managed: 'Kafka en Amazon MSK en vez de EC2',
  'extended-support': 'una versión de Kubernetes en soporte extendido',
  naive: 'como se suele construir: m5 y r5, MSK, Multi-AZ, un NAT por zona',
  'msk-express': 'Kafka en brokers MSK Express',
  'testing-by-schedule': 'qa-1 solo en horario de oficina',
  'worker-on-spot': 'un nodo de Kubernetes en Spot',
  'aws-managed-keys': 'claves KMS administradas por AWS',
  'Compute Savings Plan': 'Compute Savings Plan',
  'EC2 Instance Savings Plan': 'EC2 Instance Savings Plan',
  'RDS reserved instance': 'instancia reservada de RDS',
  '1 year, no upfront': '1 año, sin pago inicial',
  '3 years, no upfront': '3 años, sin pago inicial',
};

export function spanish(key: string): string {
  const [kind, value] = key.split(' ');
  if (kind === 'region') return `en ${value}`;
  if (kind === 'machines') return `todas las máquinas ${value}`;
  const found = SPANISH[key];
  if (found === undefined) throw new Error(`scripts/answers/infrastructure-words.ts has no Spanish for "${key}"`);
  return found;
}

/** Where a rate was read (modules/catalog/discounts.ts), phrase by phrase. */
const RATES: readonly (readonly [english: RegExp, spanish: string])[] = [
  [/ in (us-east-1)/, ' en $1'],
  [/ for (PostgreSQL)/, ' para $1'],
  [/ vs /, ' frente a '],
  [/, read (\d)/, ', leído el $1'],
  [/applied to every family of the letter/, 'aplicado a todas las familias de la letra'],
  [/older families are usually discounted more/, 'las antiguas suelen tener más descuento'],
  [/applied to every class/, 'aplicado a todas las clases'],
];

export const rateInSpanish = (source: string): string =>
  RATES.reduce((text, [english, spanishText]) => text.replace(english, spanishText), source);

/** `1,259.95` as Spanish writes it, `1.259,95`; addresses, sizes of machines and dates are no such numbers. */
export const spanishNumbers = (text: string): string =>
  text.replace(
    /(?<=^|[\s−+])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?=[,;:]?(?:\s|$))/g,
    (_, whole: string, rest = '') => `${whole.replace(/,/g, '.')}${(rest as string).replace('.', ',')}`,
  );
