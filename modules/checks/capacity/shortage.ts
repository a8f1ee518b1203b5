import type { Instance } from '../terraform';
import type { CAPACITY_RULES } from '.';

export interface Shortage {
  readonly id: keyof typeof CAPACITY_RULES;
  readonly instance: Instance;
  readonly attribute: string;
  readonly value: number | string;
  readonly message: string;
  readonly fix: string;
}

/** Addresses that AWS keeps in every subnet (Amazon VPC User Guide, "Subnet CIDR blocks"). */
export const RESERVED = 5;

export const usable = (prefix: number): number => 2 ** (32 - prefix) - RESERVED;
