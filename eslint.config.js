import tseslint from 'typescript-eslint';

/** Folders that a folder may not import from: the direction of imports in docs/architecture.md. */
const forbid = (files, patterns, message) => ({
  files,
  ignores: ['**/*.test.ts'],
  rules: {
    'no-restricted-imports': 'off',
    '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ regex: patterns, message }] }],
  },
});

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '.hookline', 'coverage'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js', 'scripts/*.mjs', 'bin/*.js'] } },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['test/**/*.ts', 'src/**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.js', '**/*.mjs', 'test/**', 'bench/**'], rules: { 'no-console': 'off' } },
  forbid(
    ['src/flow/**'],
    '^(\\.\\./)+(workflows|activities|telephony|temporal|store|stack|flow-test|cli|api)/|^node:|^@temporalio',
    'flow/ is pure and imports nothing of ours.',
  ),
  forbid(
    ['src/telephony/*.ts'],
    '^(\\.\\./)+(workflows|activities|temporal|store|api)/',
    'The seam is types only; bridges in any language share it.',
  ),
  forbid(
    ['src/telephony/http/**', 'src/telephony/simulator/**'],
    '^(\\.\\./)+(workflows|activities|temporal|store|api|stack|cli)/',
    'Bridges know the seam, and nothing of the engine behind it.',
  ),
  forbid(
    ['src/store/**'],
    '^(\\.\\./)+(?!flow/|encryption/)|^@temporalio',
    'The store knows the language of flows and how to encrypt, and nothing of calls.',
  ),
  forbid(
    ['src/outbound/**'],
    '^(\\.\\./)+(?!flow/|store/|call-gate\\.js$)',
    'Requests are taken with the store, by whoever gets them.',
  ),
  forbid(['src/api/**'], '^(\\.\\./)+(temporal|stack|cli)/', 'The API gets its client from whoever starts it.'),
  forbid(
    ['src/codec-server/**'],
    '/(workflows|activities|stack|cli|flow-test)/|/temporal/(?!codec/)|/api/(?!problem\\.js$)',
    'The codec server knows the codec, and neither calls nor Temporal.',
  ),
  forbid(
    ['src/telephony/check/**'],
    '/(activities|temporal|store|api|stack|cli|workflows)/|^@temporalio',
    'The rules of a bridge know nothing of the way to it.',
  ),
  // The way over Temporal, which replaces the rule above.
  forbid(
    ['src/telephony/check/temporal-transport.ts', 'src/telephony/check/probe-history.ts'],
    '/(activities|temporal|store|api|stack|cli)/',
    'The kit that proves a bridge knows the seam and its probe.',
  ),
  // The way over HTTP, likewise: it POSTs as the engine does.
  forbid(
    ['src/telephony/check/http-transport.ts', 'src/telephony/check/http-*.ts'],
    '/(temporal|store|api|stack|cli|workflows)/|/activities/(?!bridge-post\\.js$)|^@temporalio',
    'The way over HTTP knows the seam and how the engine POSTs, and no Temporal.',
  ),
  {
    files: ['src/workflows/**'],
    ignores: ['**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^node:', message: 'Workflow code is deterministic: no node: import.' },
            {
              regex: '^(?!\\.|@temporalio/(workflow|common))',
              message: 'Workflow code imports @temporalio/workflow and our pure flow/ only.',
            },
            { regex: '/(temporal|store|api)/', message: 'Workflow code reaches the world through activities.' },
            {
              regex: '/metrics/(?!catalogue|record)',
              message: 'Workflow code counts; the rest of metrics belongs to processes.',
            },
            {
              regex: '/activities/|/telephony/(?!events|commands|start)',
              allowTypeImports: true,
              message: 'Import types only.',
            },
            {
              regex: 'flow/(widgets/|time/|document|account|caller|validate)',
              allowTypeImports: true,
              message: 'zod and luxon stay out of the workflow bundle: import types only.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/workflows/**', 'src/flow/**'],
    // Of flow/, these two stay out of the workflow bundle.
    ignores: ['**/*.test.ts', 'src/flow/mapping/**', 'src/flow/validation/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          ':matches(Program, ExportNamedDeclaration) > VariableDeclaration[kind="let"]',
          ':matches(Program, ExportNamedDeclaration) > VariableDeclaration NewExpression[callee.name=/^(Weak)?(Map|Set)$/][arguments.length=0]',
        ].map((selector) => ({
          selector,
          message: 'All calls of a worker share the modules: none may keep anything.',
        })),
      ],
    },
  },
  {
    files: ['src/stack/**', 'src/flow-test/**'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(\\.\\./)+cli/', message: 'Commands print; what they run does not.' },
            { regex: '/workflows/index', allowTypeImports: true, message: 'Workflow code runs in the sandbox only.' },
          ],
        },
      ],
    },
  },
  forbid(['src/activities/**'], '^(\\.\\./)+(workflows|api)/', 'Activities import flow and store.'),
);
