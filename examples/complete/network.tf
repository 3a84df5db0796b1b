# Two public subnets, so that instances reach AWS and the package repositories without a NAT gateway,
# which would cost more than the instances. Only the load balancer can reach the instances.

data "aws_availability_zones" "available" {
  state = "available"

  # Without Local Zones and the like, which lack some instance types and load balancers.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  tags = { Name = var.name, application = var.name }

  # From the associations rather than the subnets: only with them do instances have outbound access,
  # which they need as soon as they boot.
  instance_subnet_ids = aws_route_table_association.public[*].subnet_id
}

resource "aws_vpc" "network" {
  # checkov:skip=CKV2_AWS_11: an example keeps no flow logs
  # checkov:skip=CKV2_AWS_12: nothing uses the default security group

  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
  tags                 = local.tags
}

resource "aws_subnet" "public" {
  # checkov:skip=CKV_AWS_130: outbound access without a NAT gateway; only the load balancer has inbound access

  count = 2

  vpc_id                  = aws_vpc.network.id
  cidr_block              = cidrsubnet(aws_vpc.network.cidr_block, 8, count.index)
  availability_zone       = data.aws_availability_zones.available.names[count.index]
  map_public_ip_on_launch = true
  tags                    = local.tags
}

resource "aws_internet_gateway" "internet" {
  vpc_id = aws_vpc.network.id
  tags   = local.tags
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.network.id
  tags   = local.tags

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.internet.id
  }
}

resource "aws_route_table_association" "public" {
  count = 2

  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}
