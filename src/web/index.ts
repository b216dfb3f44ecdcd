/**
 * The pages people see, as functions from data to HTML text. Express is not known here: `http` mounts `assetMounts()`,
 * sends what `render…` returns as `text/html; charset=utf-8` with `pageSecurityPolicy` and `Cache-Control: no-store`,
 * and remembers `?lang=` in `LANGUAGE_COOKIE`.
 *
 *   GET /      sign-in; a person who has a session is sent to /me (303)
 *   GET /me    who I am; without a session sent to /?next=… (303)
 *   GET /me/password    set or change my password; without a session sent to /?next=… (303)
 */
export { assetMounts } from './assets.js';
export { pageSecurityPolicy } from './content-security-policy.js';
export { chooseLanguage, type Language, LANGUAGE_COOKIE, LANGUAGES } from './language.js';
export { type PageContext, type PageProblem } from './page.js';
export { renderAccountPage } from './pages/account.js';
export { renderPasswordPage } from './pages/password.js';
export { renderProblemPage } from './pages/problem.js';
export { renderSignInPage } from './pages/sign-in.js';
