/** What counts as a change of an object, and what is only Argo CD at work on it. */
import { changed } from '../../../modules/argocd/changed';

const root = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'root', namespace: 'argocd', resourceVersion: '7', generation: 1, labels: { a: 'b' } },
  spec: { project: 'platform' },
};

test.each([
  ['a report of status', { ...root, status: { sync: { status: 'Synced' } } }],
  ['a version and a generation', { ...root, metadata: { ...root.metadata, resourceVersion: '8', generation: 2 } }],
  ['an operation that Argo CD began', { ...root, operation: { sync: {} } }],
  ['another owner of a field', { ...root, metadata: { ...root.metadata, managedFields: [{ manager: 'argocd' }] } }],
])('%s is none', (_, after) => expect(changed(root, after)).toBe(false));

test.each([
  ['another spec', { ...root, spec: { project: 'default' } }],
  ['another label', { ...root, metadata: { ...root.metadata, labels: { a: 'c' } } }],
  ['a field that went', { ...root, spec: {} }],
])('%s is one', (_, after) => expect(changed(root, after)).toBe(true));
