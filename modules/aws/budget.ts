/** An e-mail before the month's bill is a surprise. */
import { BudgetsBudget } from '@cdktf/provider-aws/lib/budgets-budget';
import { Construct } from 'constructs';

export interface BudgetProps {
  readonly name: string;
  readonly monthlyUsd: number;
  readonly email: string;
}

/**
 * Counts the whole account: a filter by tag counts nothing until the tag is activated for cost allocation, by hand and up to
 * a day after its first use, and an alarm that silently counts nothing is worse than a wide one.
 */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, { name, monthlyUsd, email }: BudgetProps) {
    super(scope, id);
    const notify = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notificationType,
      threshold,
      thresholdType: 'PERCENTAGE',
      comparisonOperator: 'GREATER_THAN',
      subscriberEmailAddresses: [email],
    });
    new BudgetsBudget(this, 'this', {
      name: `${name}-monthly`,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      limitAmount: `${monthlyUsd}`,
      limitUnit: 'USD',
      notification: [notify('ACTUAL', 80), notify('FORECASTED', 100)],
    });
  }
}
