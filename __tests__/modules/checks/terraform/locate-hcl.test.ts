import { lineOf, Locator } from '../../../../modules/checks/terraform/locate';

const SOURCE = `# resource "aws_eip" "a" {
provider "aws" { region = "us-east-2" }

resource "aws_eip" "a" {
  tags = {
    project = "x"
  }
}
resource aws_security_group g {
  ingress {
    from_port = 1
  }
  ingress {
    from_port = 2
  }
}
locals {
  one = 1
  two = [
    2]
}
output "o" { value = 1 }
`;

test.each<[readonly (string | number)[], number]>([
  [['provider', 'aws', 0, 'region'], 2],
  [['resource', 'aws_eip', 'a'], 4],
  [['resource', 'aws_eip', 'a', 0, 'tags', 'project'], 6],
  [['resource', 'aws_security_group', 'g', 0, 'ingress', 0, 'from_port'], 11],
  [['resource', 'aws_security_group', 'g', 0, 'ingress', 1, 'from_port'], 14],
  [['locals', 0, 'two', 0], 19],
  [['output', 'o', 0, 'value'], 22],
  // What is not there has the place of what it would be in.
  [['resource', 'aws_eip', 'a', 0, 'from_port'], 4],
  [['resource', 'aws_eip', 'zz'], 1],
])('%j of HCL is in line %i', (path, line) => {
  expect(lineOf(SOURCE, path)).toBe(line);
  expect(new Locator(SOURCE).lineOf(path)).toBe(line);
});
