/** Every resource type that can be priced, by the service that sells it. A type that is not here fails the estimate. */
import type { Pricer } from '../pricer';
import { balancerPricers } from './balancers';
import { certificatePricers } from './certificates';
import { databasePricers } from './databases';
import { freePricers } from './free';
import { kafkaPricers } from './kafka';
import { kubernetesPricers } from './kubernetes';
import { machinePricers } from './machines';
import { networkPricers } from './network';
import { observabilityPricers } from './observability';
import { securityPricers } from './security';
import { storagePricers } from './storage';
import { volumePricers } from './volumes';

export const PRICERS: ReadonlyMap<string, Pricer> = new Map(
  Object.entries({
    ...freePricers,
    ...balancerPricers,
    ...certificatePricers,
    ...databasePricers,
    ...kafkaPricers,
    ...kubernetesPricers,
    ...machinePricers,
    ...networkPricers,
    ...observabilityPricers,
    ...securityPricers,
    ...storagePricers,
    ...volumePricers,
  }),
);

/** Types that cost nothing whatever their arguments: how many there are need not be known. */
export const FREE_TYPES: ReadonlySet<string> = new Set(Object.keys(freePricers));
