import ts from 'typescript';

/** One environment variable, as the class of the configuration describes it. */
export interface Variable {
  readonly name: string;
  /** What it is: the doc comment of its property. */
  readonly about: string;
  /** Text that stands for it when it is not set; null without one. */
  readonly byDefault: string | null;
  /** Whether nothing starts without it. */
  readonly required: boolean;
}

/** Reads the variables from the source of a class of settings: comments are gone once it is compiled. */
export function readVariables(source: string): readonly Variable[] {
  const file = ts.createSourceFile('settings.ts', source, ts.ScriptTarget.ES2022, true);
  const found = file.statements.find(
    (each): each is ts.ClassDeclaration =>
      ts.isClassDeclaration(each) && /(Settings|Environment)$/.test(each.name?.text ?? ''),
  );
  if (found === undefined) throw new Error('a source of settings has no class whose name ends in Settings');
  return found.members.filter(ts.isPropertyDeclaration).map(variableOf);
}

function variableOf(property: ts.PropertyDeclaration): Variable {
  const name = property.name.getText();
  return {
    name,
    about: aboutOf(property, name),
    byDefault: property.initializer === undefined ? null : literalOf(property.initializer),
    required: property.initializer === undefined && property.questionToken === undefined,
  };
}

function aboutOf(property: ts.PropertyDeclaration, name: string): string {
  const [comment] = ts.getJSDocCommentsAndTags(property).filter(ts.isJSDoc);
  const text = ts.getTextOfJSDocComment(comment?.comment);
  if (text === undefined) throw new Error(`${name} of src/config has no doc comment`);
  return text.replace(/\s+/g, ' ').trim();
}

function literalOf(initializer: ts.Expression): string {
  return ts.isStringLiteral(initializer) ? initializer.text : initializer.getText();
}
