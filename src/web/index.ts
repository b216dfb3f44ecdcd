/**
 * The pages people see, as functions from data to HTML text. Express is not known here: `http` mounts `assetMounts()`,
 * sends what `render…` returns as `text/html; charset=utf-8` with `pageSecurityPolicy` and `Cache-Control: no-store`,
 * and remembers `?lang=` in `LANGUAGE_COOKIE`.
 *
 *   GET /      sign-in; a person who has a session is sent to /me (303)
 *   GET /register     registration; /invitation#token the same for somebody invited
 *   GET /me/terms     the terms in force, to be signed within a session
 *   GET /me    who I am; without a session sent to /?next=… (303)
 *   GET /me/password    set or change my password; without a session sent to /?next=… (303)
 */
export { assetMounts } from './assets.js';
export { pageSecurityPolicy } from './content-security-policy.js';
export { chooseLanguage, LANGUAGE_COOKIE } from './language.js';
export { type Language, LANGUAGES } from '../reasons/language.js';
export { type PageContext, type ShownTerms } from './page.js';
export { renderAccountPage } from './pages/account.js';
export { renderPasswordPage } from './pages/password.js';
export { renderProblemPage } from './pages/problem.js';
export { renderRegisterPage } from './pages/register.js';
export { renderTermsPage } from './pages/terms.js';
export { renderSignInPage } from './pages/sign-in.js';
