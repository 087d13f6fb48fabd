import { define } from "../../define.ts";

export default define.page(({ params, route }) => <p>{`user ${params.id} ${route}`}</p>);
