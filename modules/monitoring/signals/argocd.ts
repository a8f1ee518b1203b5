/** Signals of Argo CD: what git says and the cluster is not. */
import type { Signal } from '../signal';

export const argocd: readonly Signal[] = [
  {
    alert: 'ArgoAppOutOfSync',
    signal: 'what runs is not what git says',
    kind: 'cause',
    severity: 'warning',
    exporter: 'argocd',
    actor: 'platform',
    row: 'cause',
    why: 'Synced and healthy says nothing when nobody looks; this does.',
    emptyByDesign: 'no Application out of sync',
    expr: 'max by (namespace,name) (argocd_app_info{sync_status!="Synced"}) == 1',
    for: '30m',
    threshold: 'for 30 min',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      '`argocd app diff <name>`: is it git or the cluster that moved?',
      'Sync it, or commit what was changed by hand.',
    ],
    panel: { query: 'count(argocd_app_info{sync_status!="Synced"}) or 0 * count(argocd_app_info)' },
    fires: [
      {
        minute: 30,
        labels: [{ name: 'shop', namespace: 'argocd' }],
        series: [['argocd_app_info{namespace="argocd",name="shop",sync_status="OutOfSync"}', '1x60']],
      },
    ],
    quiet: [
      { from: 0, series: [['argocd_app_info{namespace="argocd",name="shop",sync_status="Synced"}', '1x60']] },
      { from: 0, series: [['argocd_app_info{namespace="argocd",name="shop",sync_status="OutOfSync"}', '1x20 _x40']] },
    ],
  },
];
