"""Writes trained weights as an ONNX graph: normalisation folded into the kernels, weights of 16 bits."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

Nodes = list[Any]


def _kept(name: str, values: np.ndarray, weights: Nodes, nodes: Nodes) -> str:
    """Keep values as 16 bits under a name, and return the name of the same in 32 bits."""
    weights.append(numpy_helper.from_array(np.asarray(values, np.float16), f"{name}16"))
    nodes.append(helper.make_node("Cast", [f"{name}16"], [name], to=TensorProto.FLOAT))
    return name


def _layer(index: int, x: str, layer: Any, moment: Any, shape: Any, stride: Any, weights: Nodes, nodes: Nodes) -> str:
    mean, variance = (np.asarray(value, np.float64) for value in moment)
    gain = np.asarray(layer["gain"], np.float64) / np.sqrt(variance + 1e-4)
    kernel = np.transpose(np.asarray(layer["w"], np.float64) * gain, (3, 2, 0, 1))
    bias = np.asarray(layer["bias"], np.float64) - mean * gain
    w, b = _kept(f"w{index}", kernel, weights, nodes), _kept(f"b{index}", bias, weights, nodes)
    rows, across = 0 if shape[0] == 2 else shape[0] // 2, shape[1] // 2
    pads = [rows, across, rows, across]
    nodes.append(helper.make_node("Conv", [x, w, b], [f"c{index}"], pads=pads, strides=stride))
    nodes.append(helper.make_node("Relu", [f"c{index}"], [f"r{index}"]))
    return f"r{index}"


def write_onnx(params: Any, moments: Any, layers: Any, out: Path) -> None:
    """Write the graph: `x` (batch, 1, 32, width) to `scores` (batch, width / 2, signs), logarithms of probabilities."""
    weights: Nodes = []
    nodes: Nodes = []
    x = "x"
    for index, (layer, moment, (shape, stride)) in enumerate(zip(params["layers"], moments, layers, strict=True)):
        x = _layer(index, x, layer, moment, shape, stride, weights, nodes)
    weights.append(numpy_helper.from_array(np.array([2], np.int64), "axis"))
    nodes.append(helper.make_node("Squeeze", [x, "axis"], ["s"]))
    nodes.append(helper.make_node("Transpose", ["s"], ["t"], perm=[0, 2, 1]))
    w, b = _kept("w", params["out"]["w"], weights, nodes), _kept("b", params["out"]["b"], weights, nodes)
    nodes.append(helper.make_node("MatMul", ["t", w], ["m"]))
    nodes.append(helper.make_node("Add", ["m", b], ["a"]))
    nodes.append(helper.make_node("LogSoftmax", ["a"], ["scores"], axis=-1))
    image = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 1, 32, "width"])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", "steps", "signs"])
    graph = helper.make_graph(nodes, "digits", [image], [scores], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    out.write_bytes(model.SerializeToString())
