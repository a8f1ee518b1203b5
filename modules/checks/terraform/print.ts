import type { Expression, Step } from './expression';

const OPERATORS: Readonly<Record<string, string>> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  modulo: '%',
  equal: '==',
  notEqual: '!=',
  lessThan: '<',
  lessThanOrEqual: '<=',
  greaterThan: '>',
  greaterThanOrEqual: '>=',
  logicalAnd: '&&',
  logicalOr: '||',
};

/** `["x"]`, `[0]`, `.name`. */
export const printStep = (step: Step): string => {
  if (typeof step === 'number') return `[${step}]`;
  return /^[A-Za-z_][\w-]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
};

/** An expression as one would write it, without `${}`. */
export function print(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return JSON.stringify(expression.value);
    case 'template':
      return `"${expression.parts.map(printPart).join('')}"`;
    case 'traversal':
      return expression.root + expression.steps.map(printStep).join('');
    case 'relative':
      return print(expression.source) + expression.steps.map(printStep).join('');
    case 'index':
      return `${print(expression.collection)}[${print(expression.key)}]`;
    case 'splat':
      return `${print(expression.source)}[*]${print(expression.each)}`;
    case 'item':
      return '';
    case 'call':
      return `${expression.name}(${expression.args.map(print).join(', ')}${expression.expand ? '...' : ''})`;
    case 'conditional':
      return `${print(expression.condition)} ? ${print(expression.yes)} : ${print(expression.no)}`;
    case 'operation': {
      const [left, right] = expression.operands.map(print);
      if (right === undefined) return `${expression.operator === 'negate' ? '-' : '!'}${left}`;
      return `${left} ${OPERATORS[expression.operator] ?? expression.operator} ${right}`;
    }
    case 'tuple':
      return `[${expression.items.map(print).join(', ')}]`;
    case 'object':
      return `{${expression.entries.map(([key, value]) => `${print(key)} = ${print(value)}`).join(', ')}}`;
    case 'for':
      return `[for ${expression.valueName} in ${print(expression.collection)} : ${print(expression.value)}]`;
    case 'opaque':
      return expression.parts.map(print).join(' ');
  }
}

const printPart = (part: Expression): string =>
  part.kind === 'literal' ? JSON.stringify(String(part.value)).slice(1, -1) : `\${${print(part)}}`;
