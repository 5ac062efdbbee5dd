/**
 * Which addresses a request may not reach. Contract W11.
 * @module
 */
import { type Address, holds, parseRange, type Range } from '../flow/documents/ip-address.js';

/** Ranges of IPv6 that carry an IPv4 address, and how far from the right end it stands. */
const CARRIERS = [
  { range: known('::/96'), shift: 0n },
  { range: known('::ffff:0:0/96'), shift: 0n },
  { range: known('::ffff:0:0:0/96'), shift: 0n },
  { range: known('64:ff9b::/96'), shift: 0n },
  { range: known('2002::/16'), shift: 80n },
];

/** The IPv4 address inside an IPv6 one (mapped, translated, NAT64, 6to4), by which W11 judges it; else itself. */
export function inside(address: Address): Address {
  const carrier = CARRIERS.find(({ range }) => holds(range, address));
  return carrier ? { version: 4, value: (address.value >> carrier.shift) & 0xffffffffn } : address;
}

/**
 * Where clouds tell a machine about itself, often with credentials; each with its source. Most lie in ranges that are forbidden
 * anyhow, and stand here so that they stay so.
 */
export const METADATA: readonly string[] = [
  // AWS, Azure, Google Cloud, DigitalOcean, Hetzner, IBM, OpenStack, Oracle, Vultr.
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
  // https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service
  // https://cloud.google.com/compute/docs/metadata/querying-metadata
  '169.254.169.254',
  'fd00:ec2::254', // AWS over IPv6, on the same page
  '169.254.170.2', // AWS, credentials of tasks: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
  '169.254.170.23', // AWS, credentials of pods: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
  'fd00:ec2::23', // AWS, credentials of pods over IPv6, on the same page
  'fd20:ce::254', // Google Cloud over IPv6: https://cloud.google.com/compute/docs/metadata/querying-metadata
  '168.63.129.16', // Azure, a public address: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  '100.100.100.200', // Alibaba Cloud: https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
  '169.254.0.23', // Tencent Cloud: https://www.tencentcloud.com/document/product/213/4934
  'fd00:c1::a9fe:a9fe', // Oracle over IPv6: https://docs.oracle.com/iaas/Content/Compute/Tasks/gettingmetadata.htm
  '192.0.0.192', // Oracle Cloud Classic: https://docs.oracle.com/en/cloud/iaas/compute-iaas-cloud/stcsg/retrieving-instance-metadata.html
  '169.254.42.42', // Scaleway: https://www.scaleway.com/en/developers/api/instance/
  'fd00:42::42', // Scaleway over IPv6, on the same page
  'fe80::a9fe:a9fe', // OpenStack over IPv6: https://docs.openstack.org/nova/latest/user/metadata.html
];

const FORBIDDEN: readonly Range[] = [
  ...METADATA,
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // CGNAT; some clouds serve metadata here
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, and the metadata address of most clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments; metadata of one cloud
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarking
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
  '64:ff9b:1::/48', // NAT64 of a local network: what it leads to is that network's secret
  '100::/64', // discard
  '2001::/32', // Teredo: a tunnel to a machine behind a NAT
  'fc00::/7', // private, and the metadata address fd00:ec2::254
  'fe80::/10', // link-local
  'fec0::/10', // site-local, the private range of old
  'ff00::/8', // multicast
].map(known);

/** Whether W11 refuses an address; `::` and `::1` count as the IPv4 addresses inside them. */
export function isForbidden(address: Address): boolean {
  const judged = inside(address);
  return FORBIDDEN.some((range) => holds(range, judged));
}

function known(cidr: string): Range {
  const range = parseRange(cidr);
  if (!range) throw new TypeError(`Not a range of addresses: ${cidr}`);
  return range;
}
