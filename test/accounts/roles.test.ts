import { describe, expect, it } from '@jest/globals';
import { ROLE_BOUNDS, type RoleDefinition } from '../../src/accounts/role.js';
import { assertDefined, assertRoomFor } from '../../src/accounts/roles.js';

const role = (name: string): RoleDefinition => ({ name, title: name, permissions: [] });
const DEFINED = [role('accountant'), role('hr')];
const store = {
  definitions: (names: readonly string[] | null) =>
    Promise.resolve(DEFINED.filter(({ name }) => names?.includes(name) ?? true)),
};

describe('a role that is to be defined', () => {
  it('is refused where one of its name is there', () => {
    expect(() => {
      assertRoomFor('hr', DEFINED);
    }).toThrow(expect.objectContaining({ code: 'ROLE_EXISTS' }));
  });

  it('is refused beyond the last one there is room for', () => {
    const many = Array.from({ length: ROLE_BOUNDS.perOrganisation }, (_, index) => role(`r${index}`));
    expect(() => {
      assertRoomFor('another', many);
    }).toThrow(expect.objectContaining({ code: 'ROLE_LIMIT' }));
    expect(() => {
      assertRoomFor('another', many.slice(1));
    }).not.toThrow();
  });
});

describe('roles of a member', () => {
  it.each([[['lawyer']], [['hr', 'lawyer']], [['manager', 'lawyer']], [['HR']]])(
    'are not %j',
    async (roles) => {
      await expect(assertDefined(store, roles)).rejects.toMatchObject({ code: 'ROLE_UNDEFINED' });
    },
  );

  it.each([[[]], [['manager']], [['hr', 'manager', 'accountant']]])('may be %j', async (roles) => {
    await expect(assertDefined(store, roles)).resolves.toBeUndefined();
  });
});
