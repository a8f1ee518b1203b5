/**
 * One cycle of every group that needs itself, as the path that one walks: `[a, b, a]`. Depth first with a stack of its own,
 * since a chain may be longer than the call stack.
 */
export function cyclesOf(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const done = new Set<string>();
  const cycles: string[][] = [];
  for (const start of edges.keys()) {
    if (done.has(start)) continue;
    const path: string[] = [];
    const onPath = new Map<string, Iterator<string>>();
    const enter = (name: string) => {
      path.push(name);
      onPath.set(name, (edges.get(name) ?? new Set<string>()).values());
    };
    enter(start);
    while (path.length > 0) {
      const name = path[path.length - 1] as string;
      const next = onPath.get(name)?.next();
      if (next === undefined || next.done) {
        done.add(name);
        onPath.delete(name);
        path.pop();
      } else if (onPath.has(next.value)) {
        cycles.push([...path.slice(path.indexOf(next.value)), next.value]);
      } else if (!done.has(next.value)) enter(next.value);
    }
  }
  return cycles;
}
