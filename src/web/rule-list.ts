/** The rules of a new password beside its field; `browser/rule-list.ts` answers them while it is typed. */
import { type BrokenRule, type PasswordRules } from '../passwords/rules/rules.js';
import { type Language } from '../reasons/language.js';
import { worded } from '../reasons/wording.js';
import { type Html, html } from './html.js';
import { TEXT } from './text/index.js';

/** The rules in force, in words. `breaks` are the names of `checkPassword` that a line stands for. */
function rulesInForce(
  rules: PasswordRules,
  language: Language,
): readonly { readonly breaks: readonly BrokenRule[]; readonly line: string }[] {
  const text = TEXT[language].password.rules;
  const { minLength: min, maxLength: max, characterClasses, reuse } = rules;
  const line = (pattern: string, count = 0): string => worded(pattern, language, { min, max, count });
  const classes = characterClasses === 4 ? text.allClasses : text.classes;
  return [
    { breaks: ['too-short', 'too-long'], line: line(text.length) },
    ...(characterClasses === 0
      ? []
      : [{ breaks: ['character-classes'] as const, line: line(classes, characterClasses) }]),
    ...(rules.context ? [{ breaks: ['context'] as const, line: text.context }] : []),
    ...(rules.common || rules.breached
      ? [{ breaks: ['common', 'breached'] as const, line: text.common }]
      : []),
    ...(reuse === 0 ? [] : [{ breaks: ['reused'] as const, line: line(text.reuse, reuse) }]),
  ];
}

/** @returns the list with the identifier `rules`, and the line in which a screen reader hears how far it is */
export function ruleList(rules: PasswordRules, language: Language): Html {
  const text = TEXT[language].password;
  const values = { min: rules.minLength, max: rules.maxLength, count: rules.characterClasses };
  const errors = Object.entries(text.broken).map(([rule, said]) => [rule, worded(said, language, values)]);
  return html`<div
      class="rules"
      id="rules"
      data-rules="${JSON.stringify(rules)}"
      data-errors="${JSON.stringify(Object.fromEntries(errors))}"
    >
      <p>${text.rulesTitle}</p>
      <ul>
        ${rulesInForce(rules, language).map(
          ({ breaks, line }) =>
            html`<li data-breaks="${breaks.join(' ')}">
              <span class="rule-text">${line}</span>
              <span class="visually-hidden" data-slot="state"></span>
            </li>`,
        )}
      </ul>
    </div>
    <p
      class="visually-hidden"
      id="rules-status"
      role="status"
      data-met="${text.met}"
      data-unmet="${text.unmet}"
      data-all="${text.allMet}"
      data-left="${text.left}"
    ></p>`;
}
