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
  { ignores: ['dist', 'node_modules', '.hookline', '.check', 'coverage'] },
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
  { files: ['**/*.js', '**/*.mjs', 'test/**', 'bench/**', 'scripts/**'], rules: { 'no-console': 'off' } },
  {
    files: ['src/**'],
    ignores: ['**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '/workflows/index', allowTypeImports: true, message: 'Workflow code runs in the sandbox only.' },
          ],
        },
      ],
    },
  },
  // Which room imports which is held by test/house/; here stands what comes from outside.
  forbid(
    ['src/flow/**', 'src/engine/**', 'src/telephony/!(temporal-hooks).ts'],
    '^node:|^@temporalio/(?!common)',
    'This room is pure: nothing of Node or Temporal.',
  ),
  forbid(['src/store/**'], '^@temporalio', 'The store knows nothing of Temporal.'),
  forbid(
    ['src/telephony/http/**', 'src/telephony/check/*http*'],
    '^@temporalio',
    'The HTTP binding needs no Temporal.',
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
              message: 'Workflow code counts; the rest of observability belongs to processes.',
            },
            {
              regex: '/(activities|http|email|functions|calls)/|/telephony/(?!events|commands|start|causes|messages)',
              allowTypeImports: true,
              message: 'Import types only.',
            },
            {
              regex: 'flow/(widgets/|time/|documents/(?!limits)|validation/|mapping/|xml/)',
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
);
