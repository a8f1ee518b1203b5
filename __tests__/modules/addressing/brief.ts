/** The brief's platform (2.9, 2.10) as the planner gets it, and a way to change parts of it. */
import type { PlanInput } from '../../../modules/addressing';

export const BRIEF: PlanInput = {
  kubernetes: { cidr: '10.100.0.0/19', shape: 'auto' },
  services: { cidr: '10.100.32.0/22', segments: ['production', 'testing', 'bcp-1', 'bcp-2'], shape: 'auto' },
  zoneIds: ['use2-az1', 'use2-az2', 'use2-az3'],
};

export function withServices(change: Partial<PlanInput['services']>): PlanInput {
  return { ...BRIEF, services: { ...BRIEF.services, ...change } };
}

export function withKubernetes(change: Partial<PlanInput['kubernetes']>): PlanInput {
  return { ...BRIEF, kubernetes: { ...BRIEF.kubernetes, ...change } };
}
