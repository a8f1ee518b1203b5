/** Where a type's binding lies in its package, and the TypeScript it was compiled from. */

export type SchemaKind = 'resource' | 'data' | 'provider';

/** `aws_eks_cluster` → `lib/eks-cluster`, `data.aws_region` → `lib/data-aws-region`: holds for all 2,211 types of 6.25.0. */
export function bindingOf(kind: SchemaKind, type: string): string {
  if (kind === 'provider') return 'lib/provider';
  const dashed = type.replaceAll('_', '-');
  return kind === 'data' ? `lib/data-${dashed}` : `lib/${dashed.slice(dashed.indexOf('-') + 1)}`;
}

/** The original text from a compiled file's inline source map; undefined when it carries none. */
export function originalSource(compiled: string): string | undefined {
  const marker = 'sourceMappingURL=data:application/json;base64,';
  const at = compiled.lastIndexOf(marker);
  if (at === -1) return undefined;
  const map = JSON.parse(Buffer.from(compiled.slice(at + marker.length).trim(), 'base64').toString('utf8')) as {
    readonly sourcesContent?: readonly string[];
  };
  return map.sourcesContent?.join('\n');
}
