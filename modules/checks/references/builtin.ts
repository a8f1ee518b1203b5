import type { ProviderSchema } from '../schema';

/** The provider that Terraform has inside: https://developer.hashicorp.com/terraform/language/resources/terraform-data */
const TERRAFORM: ProviderSchema = {
  resource_schemas: {
    terraform_data: {
      version: 0,
      block: {
        attributes: {
          id: { type: 'string', computed: true },
          input: { type: 'dynamic', optional: true },
          output: { type: 'dynamic', computed: true },
          triggers_replace: { type: 'dynamic', optional: true },
        },
        block_types: {},
      },
    },
  },
  data_source_schemas: {},
};

export const isBuiltin = (type: string): ProviderSchema | undefined =>
  type === 'terraform_data' ? TERRAFORM : undefined;
