/** A body each operation of members would accept, by its name in the contract; an operation that takes none is not here. */
export const BODIES: Readonly<Record<string, object>> = {
  approveMember: { roles: [] },
  rejectMember: {},
  suspendMember: {},
  resumeMember: {},
  setMemberRoles: { roles: [] },
  unblockMemberPassword: {},
  approveCertificate: {},
  revokeCertificate: {},
  revokeOwnCertificate: {},
  confirmMyMembership: {},
  changeSettings: { certificates: 'notify' },
  claimBin: { bin: '200540099990' },
  putRole: { title: 'Басқа', permissions: [] },
};
