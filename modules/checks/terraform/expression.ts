/** The shape of a Terraform expression, cut down from HCL's syntax tree to what can be judged without a provider. */
import type { Json } from './project';

export type Step = string | number;

export type Expression =
  | { readonly kind: 'literal'; readonly value: Json }
  /** Text with `${…}` in it; one part alone keeps its own type. */
  | { readonly kind: 'template'; readonly parts: readonly Expression[] }
  /** `aws_vpc.main.id`, `var.x["a"][0]`. */
  | { readonly kind: 'traversal'; readonly root: string; readonly steps: readonly Step[] }
  /** Steps on a value that is no name: `tolist(x)[0].id`. */
  | { readonly kind: 'relative'; readonly source: Expression; readonly steps: readonly Step[] }
  | { readonly kind: 'index'; readonly collection: Expression; readonly key: Expression }
  /** `source[*].id`: `each` is evaluated with `item` as every element. */
  | { readonly kind: 'splat'; readonly source: Expression; readonly each: Expression }
  | { readonly kind: 'item' }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly expand: boolean }
  | { readonly kind: 'conditional'; readonly condition: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'operation'; readonly operator: string; readonly operands: readonly Expression[] }
  | { readonly kind: 'tuple'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | {
      readonly kind: 'for';
      readonly keyName?: string;
      readonly valueName: string;
      readonly collection: Expression;
      readonly key?: Expression;
      readonly value: Expression;
      readonly condition?: Expression;
      readonly grouped: boolean;
    }
  /** What HCL has and this does not evaluate (`%{for}`): its parts are still followed. */
  | { readonly kind: 'opaque'; readonly parts: readonly Expression[] };

/** What cannot be read as an expression at all. */
export interface SyntaxFault {
  readonly kind: 'fault';
  /** HCL's own words: `Missing argument separator; A comma is required …`. */
  readonly message: string;
}

/** Every expression directly inside one. */
export function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'traversal':
    case 'item':
      return [];
    case 'template':
    case 'opaque':
      return expression.parts;
    case 'relative':
      return [expression.source];
    case 'index':
      return [expression.collection, expression.key];
    case 'splat':
      return [expression.source, expression.each];
    case 'call':
      return expression.args;
    case 'conditional':
      return [expression.condition, expression.yes, expression.no];
    case 'operation':
      return expression.operands;
    case 'tuple':
      return expression.items;
    case 'object':
      return expression.entries.flat();
    case 'for':
      return [expression.collection, expression.key, expression.value, expression.condition].filter(
        (one): one is Expression => one !== undefined,
      );
  }
}
